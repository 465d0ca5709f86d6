package io.millrace.app.encoder.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What no weight shows, read from the computation of the first layer.
 *
 * @param heads attention heads
 * @param activation of the feed-forward, as config.json names it
 * @param normEpsilon guard of the layer norms
 */
record BertFacts(int heads, String activation, double normEpsilon) {

    private static final String LAYER = "encoder.layer.0.";
    private static final Map<String, String> ACTIVATIONS = Map.of("Erf", "gelu", "Tanh", "gelu_new", "Relu", "relu");

    /** Arithmetic between a dense layer and the next, in which the activation is one node among others. */
    private static final Set<String> BETWEEN =
            Set.of("Div", "Mul", "Add", "Pow", "Erf", "Tanh", "Relu", "Cast", "Identity");

    /**
     * Reads them.
     *
     * @param stated the number of heads, if the user gives it
     */
    static BertFacts of(OnnxGraph graph, int width, OptionalInt stated) {
        // Positions from the padding on, as RoBERTa counts them.
        if (graph.nodes().stream().anyMatch(node -> node.getOpType().equals("CumSum"))) {
            throw new UnusableCheckpointException("the export must be one of a BERT encoder, got one that counts"
                    + " positions from the padding, as RoBERTa does. Take the encoder's safetensors.");
        }
        int heads = stated.isPresent() ? stated.getAsInt() : heads(graph, width);
        if (heads < 1 || width % heads != 0) {
            throw new UnusableCheckpointException("the number of attention heads must divide the width " + width
                    + ", got " + heads + ". Give another --heads.");
        }
        return new BertFacts(heads, activation(graph), normEpsilon(graph));
    }

    /** The nodes that add a bias. */
    private static List<NodeProto> sums(OnnxGraph graph, String bias) {
        return graph.nodes().stream()
                .filter(node -> node.getOpType().equals("Add")
                        && node.getInputList().stream().anyMatch(input -> input.endsWith(LAYER + bias)))
                .toList();
    }

    /** Queries are reshaped to [..., heads, width / heads]. */
    private static int heads(OnnxGraph graph, int width) {
        for (NodeProto sum : sums(graph, "attention.self.query.bias")) {
            for (NodeProto reshape : graph.after(sum)) {
                List<Long> shape =
                        reshape.getOpType().equals("Reshape") ? shape(graph, reshape.getInput(1)) : List.of();
                int last = shape.size() - 1;
                if (last >= 1 && shape.get(last) > 0 && shape.get(last - 1) * shape.get(last) == width) {
                    return Math.toIntExact(shape.get(last - 1));
                }
            }
        }
        throw new UnusableCheckpointException("the export does not show how many attention heads there are. Give"
                + " num_attention_heads of the encoder's config.json with --heads.");
    }

    /** The numbers of a shape that do not depend on the text. */
    private static List<Long> shape(OnnxGraph graph, String value) {
        NodeProto maker = graph.makers().get(value);
        List<String> parts =
                maker != null && maker.getOpType().equals("Concat") ? maker.getInputList() : List.of(value);
        List<Long> numbers = new ArrayList<>();
        for (String part : parts) {
            Optional<TensorProto> constant = graph.constant(part);
            if (constant.isPresent()) {
                for (long number : TensorNumbers.longs(constant.get())) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }

    private static String activation(OnnxGraph graph) {
        Set<String> found = new TreeSet<>();
        Deque<NodeProto> next = new ArrayDeque<>(sums(graph, "intermediate.dense.bias"));
        Set<String> seen = new TreeSet<>();
        while (!next.isEmpty()) {
            for (NodeProto node : graph.after(next.remove())) {
                if (BETWEEN.contains(node.getOpType()) && seen.add(node.getOutput(0))) {
                    Optional.ofNullable(ACTIVATIONS.get(node.getOpType())).ifPresent(found::add);
                    next.add(node);
                }
            }
        }
        if (found.size() != 1) {
            throw new UnusableCheckpointException("the export must apply gelu or relu between the dense layers, got "
                    + (found.isEmpty() ? "another activation" : "several, " + found)
                    + ". Take the encoder's safetensors.");
        }
        return found.iterator().next();
    }

    /** A norm is one node, or spelled out: then the guard is added before the square root. */
    private static double normEpsilon(OnnxGraph graph) {
        for (NodeProto node : graph.nodes()) {
            if (node.getOpType().equals("LayerNormalization")) {
                return node.getAttributeList().stream()
                        .filter(attribute -> attribute.getName().equals("epsilon"))
                        .map(AttributeProto::getF)
                        .findFirst()
                        .map(BertFacts::shortest)
                        .orElse(1e-5);
            }
            NodeProto sum = node.getOpType().equals("Sqrt") ? graph.makers().get(node.getInput(0)) : null;
            if (sum != null && sum.getOpType().equals("Add")) {
                for (String input : sum.getInputList()) {
                    Optional<TensorProto> constant = graph.constant(input);
                    if (constant.isPresent() && TensorNumbers.isFloat(constant.get())) {
                        return shortest(TensorNumbers.floats(constant.get()).getFloat(0));
                    }
                }
            }
        }
        throw new UnusableCheckpointException(
                "the export must normalise its layers, got no layer norm. Take the encoder's safetensors.");
    }

    /** The double that has the same digits: 1e-12 and not 9.999999960041972e-13. */
    private static double shortest(float number) {
        return Double.parseDouble(Float.toString(number));
    }
}
