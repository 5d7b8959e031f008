using Google.Protobuf;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Onnx.Proto;

namespace Skiptune.Tests.Onnx;

/// <summary>
/// The ONNX standard's own tests of single operators, from Debian's libonnx-testdata: each whose operators are all read
/// is claimed and must pass, unless the table below says why not.
/// </summary>
public class StandardNodeTests(ITestOutputHelper output)
{
    private const string Folder = "/usr/share/libonnx-testdata/data/node";

    private const float Relative = 1e-4f;

    private const float Absolute = 1e-6f;

    /// <summary>What is not claimed although its operators are read; the beginning of a test's name, and why.</summary>
    private static readonly (string Prefix, string Reason)[] s_notClaimed =
    [
        ("test_averagepool_3d", "three-dimensional images"),
        ("test_maxpool_3d", "three-dimensional images"),
        ("test_convtranspose_3d", "three-dimensional images"),
        ("test_batchnorm_epsilon_training_mode", "training mode"),
        ("test_batchnorm_example_training_mode", "training mode"),
        ("test_training_dropout", "training mode"),
        ("test_dropout_default_mask", "the mask, an output of training"),
        ("test_maxpool_with_argmax", "the positions of the maxima, an output of training"),
        ("test_gemm_transposeA", "a transposed input"),
        ("test_gemm_all_attributes", "a transposed input"),
        ("test_gemm_default_matrix_bias", "a bias for each sample"),
        ("test_reshape_allowzero", "empty tensors"),
        ("test_slice_start_out_of_bounds", "empty tensors"),
        ("test_split_zero_size_splits", "empty tensors"),
        ("test_resize_downsample_scales_cubic", "cubic interpolation"),
        ("test_resize_downsample_sizes_cubic", "cubic interpolation"),
        ("test_resize_upsample_scales_cubic", "cubic interpolation"),
        ("test_resize_upsample_sizes_cubic", "cubic interpolation"),
        ("test_resize_tf_crop_and_resize", "a part of the image"),
        ("test_resize_downsample_scales_linear_align_corners", "corners of an image whose extent is no whole number"),
        ("test_cast_FLOAT_to_BFLOAT16", "values rounded to 16 bits"),
        ("test_cast_FLOAT_to_FLOAT16", "values rounded to 16 bits"),
        ("test_castlike_FLOAT_to_BFLOAT16", "values rounded to 16 bits"),
        ("test_castlike_FLOAT_to_FLOAT16", "values rounded to 16 bits"),
        ("test_castlike_BFLOAT16_to_FLOAT_", "an input whose type alone matters"),
        ("test_castlike_DOUBLE_to_FLOAT_", "an input whose type alone matters"),
        ("test_castlike_FLOAT16_to_FLOAT_", "an input whose type alone matters"),
    ];

    [Fact]
    public void Every_claimed_test_passes()
    {
        Assert.SkipUnless(Directory.Exists(Folder), "the Debian package libonnx-testdata is not installed");
        using Workers workers = new(2);
        string[] folders = [.. Directory.GetDirectories(Folder).Order(StringComparer.Ordinal)];
        List<string> failures = [];
        Dictionary<string, int> reasons = new(StringComparer.Ordinal);
        int claimed = 0;
        foreach (string folder in folders)
        {
            string name = Path.GetFileName(folder);
            ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
            if (ReasonNotToClaim(name, model) is { } reason)
            {
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
                continue;
            }
            claimed++;
            // Some files name an older set, at which their operators came to be what they are in the oldest that is read.
            foreach (OperatorSetIdProto set in model.OpsetImport)
                set.Version = Math.Max(set.Version, OnnxReader.OldestOpset);
            if (Run(model, Path.Combine(folder, "test_data_set_0"), new ProgramContext(KernelSet.Current, workers)) is { } failure)
                failures.Add($"{name}: {failure}");
        }
        foreach ((string reason, int count) in reasons.OrderByDescending(pair => pair.Value))
            output.WriteLine($"{count} not claimed: {reason}");
        output.WriteLine($"ONNX node tests: {claimed - failures.Count} passed of {claimed} claimed of {folders.Length}");
        SupportPage.Check(claimed - failures.Count, claimed, folders.Length, reasons);
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    private static string? ReasonNotToClaim(string name, ModelProto model)
    {
        if (model.Graph.Node.Any(node => node.Domain.Length > 0 || !OnnxOps.Readers.ContainsKey(node.OpType)))
            return "an operator that is not read";
        if (s_notClaimed.FirstOrDefault(entry => name.StartsWith(entry.Prefix, StringComparison.Ordinal)).Reason is { } reason)
            return reason;
        if (model.Graph.Input.Count == 0)
            return "no input";
        // One input is given as a value, the others may be of any type that is read.
        if (TypeOf(ValueOf(model)) is not (ElementType.Float or ElementType.Int32 or ElementType.Int64))
            return $"an input of {ElementType.NameOf(TypeOf(ValueOf(model)))}";
        return model.Graph.Input.Append(model.Graph.Output[0]).Select(TypeOf).FirstOrDefault(type => ElementType.SizeOf(type) == 0, ElementType.Float) is var type && ElementType.SizeOf(type) == 0
            ? $"an element type that is not read: {ElementType.NameOf(type)}"
            : null;
    }

    private static ValueInfoProto ValueOf(ModelProto model) =>
        model.Graph.Input.FirstOrDefault(input => TypeOf(input) == ElementType.Float) ?? model.Graph.Input[0];

    private static int TypeOf(ValueInfoProto value) => value.Type?.TensorType?.ElemType ?? 0;

    private static string? Run(ModelProto model, string data, ProgramContext context)
    {
        // The statistics LayerNormalization also gives are for training.
        foreach (NodeProto node in model.Graph.Node.Where(node => node.OpType == "LayerNormalization"))
            TakeFirst(node.Output);
        TakeFirst(model.Graph.Output);
        TensorProto[] inputs = [.. Enumerable.Range(0, model.Graph.Input.Count).Select(i => Load(data, $"input_{i}.pb", model.Graph.Input[i].Name))];
        Tensor expected = Values(Load(data, "output_0.pb", "expected"));
        try
        {
            // All but one as constants, as models have them; then as many as possible as values, unless that is refused.
            string value = ValueOf(model).Name;
            string? failure = Compare(model, inputs, input => input.Name == value, expected, context);
            return failure is null && inputs.Any(input => IsFloat(input) && input.Name != value) ? CompareValues(model, inputs, expected, context) : failure;
        }
        catch (SkiptuneException e)
        {
            return e.Message;
        }
    }

    private static bool IsFloat(TensorProto tensor) => tensor.DataType == ElementType.Float;

    private static string? CompareValues(ModelProto model, TensorProto[] inputs, Tensor expected, ProgramContext context)
    {
        try
        {
            return Compare(model, inputs, IsFloat, expected, context);
        }
        catch (SkiptuneException e) when (e.Message.Contains("must be a constant", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static string? Compare(ModelProto model, TensorProto[] inputs, Func<TensorProto, bool> isValue, Tensor expected, ProgramContext context)
    {
        ModelProto copy = model.Clone();
        copy.Graph.Initializer.Add(inputs.Where(input => !isValue(input)));
        Graph graph = OnnxReader.Read(copy.ToByteArray(), "model.onnx", new OnnxReadOptions { FixedShapes = true });
        Dictionary<string, Tensor> none = [];
        GraphProgram program = GraphProgram.Compile(graph, 1, none, none, context);
        foreach (TensorProto input in inputs.Where(input => isValue(input) && program.Uses(input.Name)))
            Values(input).Span.CopyTo(program.Value(input.Name).Span);
        program.Forward();
        Tensor actual = program.Value(graph.Outputs[0]);
        if (actual.Shape != expected.Shape)
            return $"a result of {actual.Shape}, not {expected.Shape}";
        for (int i = 0; i < expected.Shape.Count; i++)
        {
            (float e, float a) = (expected.Span[i], actual.Span[i]);
            if (a != e && !(float.IsNaN(a) && float.IsNaN(e)) && !(MathF.Abs(a - e) <= Absolute + Relative * MathF.Abs(e)))
                return $"value {i} is {a}, not {e}";
        }
        return null;
    }

    private static TensorProto Load(string folder, string file, string name)
    {
        TensorProto tensor = TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, file)));
        tensor.Name = name;
        return tensor;
    }

    // Unlike a weight, a value may be infinite or NaN.
    private static Tensor Values(TensorProto proto)
    {
        double[] numbers = TensorReader.Numbers(proto, out Shape shape);
        return new Tensor(shape, [.. numbers.Select(number => (float)number)]);
    }

    private static void TakeFirst<T>(Google.Protobuf.Collections.RepeatedField<T> field)
    {
        while (field.Count > 1)
            field.RemoveAt(field.Count - 1);
    }
}
