package io.millrace.app.encoder.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a BERT in an export, by their Hugging Face names. Exporters keep the names of embeddings, norms and biases. They
 * lose that of a dense layer's matrix and store it transposed, [in, out]; the bias that is added to its product tells whose it is.
 *
 * @param tensors values and shape by name, without a prefix
 */
record NamedWeights(Map<String, Tensor> tensors) {

    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final List<String> PARTS = List.of("embeddings.", "encoder.", "pooler.");

    /**
     * A weight.
     *
     * @param floats its values, row by row
     * @param shape sizes of its dimensions
     */
    record Tensor(ByteBuffer floats, List<Long> shape) {}

    /** Finds the weights; {@code file} is for messages. */
    static NamedWeights of(Path file, OnnxGraph graph) {
        String prefix = prefix(file, graph);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (TensorProto tensor : graph.stored().values()) {
            String name = bare(prefix, tensor.getName());
            if (PARTS.stream().anyMatch(name::startsWith) && TensorNumbers.isFloat(tensor)) {
                tensors.put(name, new Tensor(TensorNumbers.floats(tensor), List.copyOf(tensor.getDimsList())));
            }
        }
        for (NodeProto node : graph.nodes()) {
            if (node.getOpType().equals("MatMul")) {
                graph.storedInput(node).ifPresent(matrix -> matrix(graph, prefix, node, matrix, tensors));
            }
        }
        return new NamedWeights(tensors);
    }

    private static String prefix(Path file, OnnxGraph graph) {
        return graph.stored().keySet().stream()
                .filter(name -> name.endsWith(WORDS))
                .findFirst()
                .map(name -> name.substring(0, name.length() - WORDS.length()))
                .orElseThrow(() -> new UnusableCheckpointException(file + " must hold a tensor " + WORDS
                        + ", as exports of BERT encoders do, got none. Export the encoder itself, with its names; or"
                        + " take its safetensors."));
    }

    private static String bare(String prefix, String name) {
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    private static void matrix(
            OnnxGraph graph, String prefix, NodeProto product, TensorProto matrix, Map<String, Tensor> tensors) {
        for (NodeProto sum : graph.after(product)) {
            String bias = graph.storedInput(sum)
                    .map(TensorProto::getName)
                    .map(name -> bare(prefix, name))
                    .orElse("");
            if (sum.getOpType().equals("Add") && bias.endsWith(".bias") && matrix.getDimsCount() == 2) {
                int rows = Math.toIntExact(matrix.getDims(0));
                int columns = Math.toIntExact(matrix.getDims(1));
                tensors.put(
                        bias.substring(0, bias.length() - "bias".length()) + "weight",
                        new Tensor(
                                TensorNumbers.transposed(TensorNumbers.floats(matrix), rows, columns),
                                List.of((long) columns, (long) rows)));
            }
        }
    }

    /** Number of rows of a weight that must be there. */
    int rows(String name) {
        return Math.toIntExact(shape(name).get(0));
    }

    /** Sizes of a weight that must be there. */
    List<Long> shape(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null || tensor.shape().isEmpty()) {
            throw new UnusableCheckpointException("the export must hold a tensor " + name
                    + ", as exports of BERT encoders do, got none. Take the encoder's safetensors.");
        }
        return tensor.shape();
    }
}
