using System.Reflection;
using System.Reflection.Emit;

namespace Skiptune.Tests;

/// <summary>Each room of the library uses only the rooms below it: read from the compiled code itself.</summary>
public class ArchitectureTests
{
    // What errors are made of stands in the root and may be used anywhere.
    private static readonly string[] Everywhere = ["SkiptuneException", "ErrorText", "BoundedStream"];

    private static readonly Dictionary<string, string[]> Below = new(StringComparer.Ordinal)
    {
        ["Numerics"] = [],
        ["Files"] = ["Numerics"],
        ["Networks"] = ["Numerics"],
        ["Onnx"] = ["Networks", "Numerics"],
        ["Data"] = ["Files", "Numerics"],
        ["FineTuning"] = ["Data", "Files", "Networks", "Numerics"],
        ["Model"] = ["Data", "Files", "FineTuning", "Networks", "Numerics", "Onnx"],
        ["Comparison"] = ["Data", "FineTuning", "Model", "Networks", "Numerics"],
    };

    [Fact]
    public void Rooms_use_only_the_rooms_below_them()
    {
        List<string> wrong = [];
        foreach (Type type in typeof(Model).Assembly.GetTypes())
        {
            if (RoomOf(type) is not { } room)
                continue;
            foreach (Type used in Used(type).Distinct())
            {
                if (RoomOf(used) is { } other && other != room && !Below[room].Contains(other))
                    wrong.Add($"{type.FullName} uses {used.FullName}");
            }
        }
        Assert.Empty(wrong);
    }

    private static string? RoomOf(Type type)
    {
        if (type.Assembly != typeof(Model).Assembly || type.Namespace is null || !type.Namespace.StartsWith("Skiptune", StringComparison.Ordinal))
            return null;
        string[] parts = type.Namespace.Split('.');
        if (parts.Length > 1)
            return parts[1];
        Type outer = type;
        while (outer.DeclaringType is not null)
            outer = outer.DeclaringType;
        return Everywhere.Contains(outer.Name) ? null : outer.Name;
    }

    private static IEnumerable<Type> Used(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<Type?> direct =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(All).Select(field => field.FieldType),
            .. type.GetMethods(All).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
            .. type.GetConstructors(All).SelectMany(constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType)),
            .. type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(InBody),
        ];
        return direct.OfType<Type>().SelectMany(Parts);
    }

    // An array, a reference or a generic type uses what it is made of.
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        return type.IsConstructedGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }

    private static IEnumerable<Type?> InBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (LocalVariableInfo local in body.LocalVariables)
            yield return local.LocalType;
        byte[] code = body.GetILAsByteArray()!;
        Type[] typeArguments = method.DeclaringType!.GetGenericArguments();
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < code.Length;)
        {
            OpCode op = code[at] == 0xFE ? Codes[(short)(0xFE00 | code[at + 1])] : Codes[code[at]];
            at += op.Size;
            if (op.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                MemberInfo member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
                yield return member as Type ?? member.DeclaringType;
            }
            at += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);
}
