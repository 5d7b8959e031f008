using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class TargetsTests
{
    private static TensorDataSet Three(Targets targets) => new(new Tensor(new Shape(3, 2), [1, 2, 3, 4, 5, 6]), targets);

    private static float[] ReadTargets(DataSet set, params int[] indices)
    {
        float[] values = new float[indices.Length * set.TargetLength];
        set.ReadTargets(indices, values);
        return values;
    }

    [Fact]
    public void Vectors_follow_their_samples_through_views()
    {
        DataSet set = Three(Targets.Values(new Tensor(new Shape(3, 1), [10, 20, 30])));
        Assert.Equal(TargetKind.Values, set.Targets.Kind);
        Assert.Equal(1, set.TargetLength);
        Assert.Equal([30, 10], ReadTargets(set, 2, 0));
        DataSet view = set.Select([2, 0, 1]).Slice(1, 2);
        Assert.Equal([20, 10, 20], ReadTargets(view, 1, 0, 1));
        Assert.Equal([1, 2, 3, 4], view.ReadAll());
    }

    [Fact]
    public void The_target_of_an_autoencoder_is_the_sample_as_the_model_sees_it()
    {
        DataSet set = new SampleFormat { Mean = [1], Std = [2] }.Apply(Three(Targets.Input(3)));
        Assert.Equal([2, 2.5f], ReadTargets(set.Select([2]), 0));
        Assert.Equal(set.ReadAll(), ReadTargets(set, 0, 1, 2));
    }

    [Fact]
    public void Samples_of_which_nothing_is_known_have_no_labels_and_no_vectors()
    {
        DataSet set = Three(Targets.None(3));
        Assert.Equal(0, set.ClassCount);
        Assert.Equal(0, set.TargetLength);
        DataFiles.Refuses(() => _ = set.Labels.Length, "no classes", "None");
        DataFiles.Refuses(() => set.ReadTargets([0], []), "no target vectors");
    }

    [Fact]
    public void Targets_can_be_replaced()
    {
        DataSet named = Three(Targets.None(3)).WithTargets(Targets.Classes([0, 1, 0], 2, ["a", "b"]));
        Assert.Equal([0, 1, 0], named.Labels);
        Assert.Equal(["a", "b"], named.Select([1]).Targets.ClassNames);
        Assert.Equal([1, 2, 3, 4, 5, 6], named.WithTargets(Targets.Input(3)).ReadAll());
        DataFiles.Refuses(() => named.WithTargets(Targets.None(2)), "3 samples and 2 targets");
        DataFiles.Refuses(() => Targets.Classes([0], 2, ["a"]), "1 names", "2 classes");
        DataFiles.Refuses(() => Targets.Values(new Tensor(new Shape(2, 2), [0, 0, 0, float.NaN])), "row 1");
    }
}
