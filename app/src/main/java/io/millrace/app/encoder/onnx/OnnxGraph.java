package io.millrace.app.encoder.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The computation in an ONNX file: nodes that read named values and write others, and the stored tensors among these.
 *
 * @param nodes in the order of the computation
 * @param stored the stored tensors by name
 * @param makers for the name of a value, the node that writes it
 * @param readers for the name of a value, the nodes that read it
 */
record OnnxGraph(
        List<NodeProto> nodes,
        Map<String, TensorProto> stored,
        Map<String, NodeProto> makers,
        Map<String, List<NodeProto>> readers) {

    /** What protobuf can hold. Larger models keep their tensors in further files. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;

    private static final Set<String> ROUNDED =
            Set.of("MatMulInteger", "QLinearMatMul", "DynamicQuantizeLinear", "QuantizeLinear", "DequantizeLinear");

    /** Reads a file. It is held in memory. */
    static OnnxGraph read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new UnusableCheckpointException(
                    file + " must be an ONNX model of less than 2 GiB, got " + Files.size(file) + " bytes.");
        }
        GraphProto graph;
        try (InputStream in = Files.newInputStream(file)) {
            CodedInputStream limited = CodedInputStream.newInstance(in);
            limited.setSizeLimit(Integer.MAX_VALUE);
            graph = ModelProto.parseFrom(limited).getGraph();
        } catch (InvalidProtocolBufferException e) {
            throw new UnusableCheckpointException(
                    file + " must be an ONNX model, got something else or a part of one. Copy it again.", e);
        }
        if (graph.getNodeCount() == 0) {
            throw new UnusableCheckpointException(file + " must be an ONNX model, got one without any computation.");
        }
        return of(file, graph);
    }

    private static OnnxGraph of(Path file, GraphProto graph) {
        Map<String, TensorProto> stored = new LinkedHashMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                throw new UnusableCheckpointException(file + " must hold its tensors itself, got " + tensor.getName()
                        + " in another file. Export the model into one file.");
            }
            stored.put(tensor.getName(), tensor);
        }
        Map<String, NodeProto> makers = new LinkedHashMap<>();
        Map<String, List<NodeProto>> readers = new LinkedHashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            if (ROUNDED.contains(node.getOpType())) {
                throw new UnusableCheckpointException(file + " must hold 32-bit floats, got a quantised model ("
                        + node.getOpType() + "): its weights have lost what training needs. Take the export that is not"
                        + " quantised; of Maven artifacts the one without -q.");
            }
            node.getOutputList().forEach(value -> makers.put(value, node));
            node.getInputList().forEach(value -> readers.computeIfAbsent(value, name -> new ArrayList<>())
                    .add(node));
        }
        return new OnnxGraph(graph.getNodeList(), stored, makers, readers);
    }

    /** The nodes that read what {@code node} writes. */
    List<NodeProto> after(NodeProto node) {
        return node.getOutputList().stream()
                .flatMap(value -> readers.getOrDefault(value, List.of()).stream())
                .toList();
    }

    /** The first stored tensor among the inputs of a node. */
    Optional<TensorProto> storedInput(NodeProto node) {
        return node.getInputList().stream()
                .filter(stored::containsKey)
                .findFirst()
                .map(stored::get);
    }

    /** A value that does not depend on the text: stored, or a node's constant. */
    Optional<TensorProto> constant(String value) {
        if (stored.containsKey(value)) {
            return Optional.ofNullable(stored.get(value));
        }
        return Optional.ofNullable(makers.get(value))
                .filter(node -> node.getOpType().equals("Constant") && node.getAttributeCount() == 1)
                .map(node -> node.getAttribute(0).getT());
    }
}
