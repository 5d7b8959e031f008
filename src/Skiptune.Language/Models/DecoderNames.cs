namespace Skiptune.Language.Models;

/// <summary>The names of the nodes, values and weights of a decoder: those of Hugging Face.</summary>
internal static class DecoderNames
{
    public const string Tokens = "tokens";

    public const string Embedding = "model.embed_tokens";

    public const string Norm = "model.norm";

    /// <summary>What the last normalisation reads in place of all places, where only the last is wanted.</summary>
    public const string LastPlace = "model.last";

    public const string Output = "lm_head";

    /// <summary>A weight of a layer.</summary>
    public static string Weight(string layer) => $"{layer}.weight";

    public static string Bias(string layer) => $"{layer}.bias";

    /// <summary>A block's node, and the residual stream behind it.</summary>
    public static string Block(int block) => $"model.layers.{block}";

    /// <summary>The residual stream before a block; before the last normalisation if it is one past the last.</summary>
    public static string BlockInput(int block) => block == 0 ? Embedding : Block(block - 1);

    public static string AttentionNorm(int block) => $"{Block(block)}.input_layernorm";

    /// <summary>One of q, k, v and o.</summary>
    public static string Projection(int block, char which) => $"{Block(block)}.self_attn.{which}_proj";

    public static string Attention(int block) => $"{Block(block)}.self_attn";

    public static string Middle(int block) => $"{Block(block)}.residual";

    public static string FeedForwardNorm(int block) => $"{Block(block)}.post_attention_layernorm";

    /// <summary>One of gate, up and down.</summary>
    public static string FeedForward(int block, string which) => $"{Block(block)}.mlp.{which}_proj";

    public static string Activation(int block) => $"{Block(block)}.mlp.act_fn";
}
