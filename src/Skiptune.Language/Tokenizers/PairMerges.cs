namespace Skiptune.Language.Tokenizers;

/// <summary>What two neighbouring tokens become, and how soon: the lowest cost first.</summary>
/// <param name="Token">The token they become.</param>
/// <param name="Cost">Pairs of lower cost are merged first, of equal cost the leftmost.</param>
internal readonly record struct PairMerge(int Token, double Cost);

/// <summary>Byte-pair encoding (Sennrich et al., 2016): the best neighbouring pair is merged until there is none. n log n.</summary>
internal static class PairMerges
{
    /// <summary>Merges tokens in place.</summary>
    /// <param name="tokens">The tokens; become fewer.</param>
    /// <param name="find">What a pair becomes, or null.</param>
    public static void Run(List<int> tokens, Func<int, int, PairMerge?> find)
    {
        int count = tokens.Count;
        int[] previous = new int[count];
        int[] next = new int[count];
        PriorityQueue<(int Left, int LeftToken, int Right, int RightToken, int Merged), (double Cost, int Left)> queue = new();
        for (int i = 0; i < count; i++)
            (previous[i], next[i]) = (i - 1, i + 1);
        for (int i = 0; i + 1 < count; i++)
            Offer(i, i + 1);
        while (queue.TryDequeue(out (int Left, int LeftToken, int Right, int RightToken, int Merged) pair, out _))
        {
            // Either may have been merged with another since.
            if (tokens[pair.Left] != pair.LeftToken || next[pair.Left] != pair.Right || tokens[pair.Right] != pair.RightToken)
                continue;
            tokens[pair.Left] = pair.Merged;
            tokens[pair.Right] = -1;
            next[pair.Left] = next[pair.Right];
            if (next[pair.Left] < count)
                previous[next[pair.Left]] = pair.Left;
            if (previous[pair.Left] >= 0)
                Offer(previous[pair.Left], pair.Left);
            if (next[pair.Left] < count)
                Offer(pair.Left, next[pair.Left]);
        }
        tokens.RemoveAll(token => token < 0);

        void Offer(int left, int right)
        {
            if (find(tokens[left], tokens[right]) is { } merge)
                queue.Enqueue((left, tokens[left], right, tokens[right], merge.Token), (merge.Cost, left));
        }
    }
}
