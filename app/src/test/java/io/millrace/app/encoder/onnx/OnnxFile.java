package io.millrace.app.encoder.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.millrace.encoder.safetensors.SafetensorsFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes an encoder as exporters do: names of biases and embeddings kept, matrices of dense layers transposed and under numbers. */
final class OnnxFile {

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private int matrices;

    /** The export of a BERT checkpoint, without the computation between its dense layers but for the first layer's. */
    static OnnxFile of(Path checkpoint, int heads) throws IOException {
        OnnxFile export = new OnnxFile();
        try (SafetensorsFile file = SafetensorsFile.open(checkpoint.resolve("model.safetensors"))) {
            for (String stored : file.entries().keySet()) {
                long[] shape = file.entry(stored).shape();
                String name = stored.replaceFirst("^bert\\.", "");
                if (name.startsWith("classifier") || name.startsWith("cls.")) {
                    continue;
                }
                boolean dense = shape.length == 2 && name.startsWith("encoder.");
                if (dense) {
                    export.dense(name, floats(file, stored), shape);
                } else {
                    export.tensor(name, floats(file, stored), shape);
                }
            }
        }
        export.constant("heads", TensorProto.DataType.INT64_VALUE, longs(heads));
        export.constant("per head", TensorProto.DataType.INT64_VALUE, longs(32 / heads));
        export.node("Concat", "shape", "batch", "length", "heads", "per head");
        export.node("Reshape", "by head", "encoder.layer.0.attention.self.query.out", "shape");
        export.node("Erf", "erf", "encoder.layer.0.intermediate.dense.out");
        export.node("Mul", "gelu", "encoder.layer.0.intermediate.dense.out", "erf");
        export.constant("guard", TensorProto.DataType.FLOAT_VALUE, ByteString.copyFrom(bytes(1e-12f)));
        export.node("Add", "guarded", "variance", "guard");
        export.node("Sqrt", "deviation", "guarded");
        return export;
    }

    private static float[] floats(SafetensorsFile file, String name) throws IOException {
        FloatBuffer read = file.floats(name).asFloatBuffer();
        float[] floats = new float[read.remaining()];
        read.get(floats);
        return floats;
    }

    private void dense(String name, float[] matrix, long[] shape) {
        int rows = (int) shape[0];
        int columns = (int) shape[1];
        float[] turned = new float[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            turned[i % columns * rows + i / columns] = matrix[i];
        }
        String layer = name.replaceFirst("\\.weight$", "");
        String number = "onnx::MatMul_" + matrices++;
        tensor(number, turned, columns, rows);
        node("MatMul", layer + ".product", "in", number);
        node("Add", layer + ".out", layer + ".bias", layer + ".product");
    }

    void tensor(String name, float[] values, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .setRawData(ByteString.copyFrom(bytes(values)));
        for (long size : shape) {
            tensor.addDims(size);
        }
        graph.addInitializer(tensor);
    }

    private void constant(String name, int type, ByteString value) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput(name)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setT(TensorProto.newBuilder()
                                .setDataType(type)
                                .addDims(1)
                                .setRawData(value))));
    }

    OnnxFile node(String type, String output, String... inputs) {
        graph.addNode(NodeProto.newBuilder().setOpType(type).addOutput(output).addAllInput(List.of(inputs)));
        return this;
    }

    OnnxFile without(String type) {
        List<NodeProto> kept = graph.getNodeList().stream()
                .filter(node -> !node.getOpType().equals(type))
                .toList();
        graph.clearNode().addAllNode(kept);
        return this;
    }

    OnnxFile withoutTensor(String name) {
        List<TensorProto> kept = graph.getInitializerList().stream()
                .filter(tensor -> !tensor.getName().equals(name))
                .toList();
        graph.clearInitializer().addAllInitializer(kept);
        return this;
    }

    OnnxFile external(String name) {
        graph.addInitializer(TensorProto.newBuilder().setName(name).setDataLocation(TensorProto.DataLocation.EXTERNAL));
        return this;
    }

    Path write(Path file) throws IOException {
        return Files.write(file, ModelProto.newBuilder().setGraph(graph).build().toByteArray());
    }

    private static ByteString longs(long value) {
        return ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .flip());
    }

    private static byte[] bytes(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }
}
