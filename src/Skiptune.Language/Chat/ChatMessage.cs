namespace Skiptune.Language.Chat;

/// <summary>Who speaks.</summary>
public enum ChatRole
{
    /// <summary>What the model should know and heed; only before all else.</summary>
    System,

    /// <summary>The person.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,
}

/// <summary>A message of a conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">What is said; never read as anything but text.</param>
public sealed record ChatMessage(ChatRole Role, string Content);
