package io.millrace.app.encoder.onnx;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.config.ConfigReader;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.torchscript.NativeEngine;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.AtomicFile;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a Hugging Face directory of an ONNX export of a BERT encoder and of its tokenizer. Dropout is not in an export: it gets
 * BERT's 0.1.
 *
 * @param model the export
 * @param tokenizer its tokenizer.json, whatever its name
 * @param heads number of attention heads; absent if the export shows it
 */
public record OnnxImport(Path model, Path tokenizer, OptionalInt heads) {

    private static final double DROPOUT = 0.1;
    private static final Pattern LAYER = Pattern.compile("encoder\\.layer\\.(\\d{1,4})\\.");

    /**
     * Writes a new directory, whole or not at all.
     *
     * @throws UnusableCheckpointException if the two files are no encoder that a task could start from
     */
    public void into(Path output) throws IOException {
        if (Files.exists(output)) {
            throw new UnusableCheckpointException(output + " must be a new directory, got one that exists.");
        }
        byte[] tokens = ConfigReader.bytes(tokenizer);
        ObjectNode tokenizerJson = ConfigReader.of(tokenizer, tokens).object();
        OnnxGraph graph = OnnxGraph.read(model);
        NamedWeights weights = NamedWeights.of(model, graph);
        ObjectNode config = config(graph, weights, tokenizerJson);
        Path target = output.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path temporary = Files.createDirectory(AtomicFile.temporary(target));
        try {
            write(temporary.resolve(EncoderConfig.FILE_NAME), config);
            Files.write(temporary.resolve(TextTokenizer.FILE_NAME), tokens);
            write(temporary.resolve("tokenizer_config.json"), tokenizerConfig(tokenizerJson));
            write(temporary.resolve(EncoderCheckpoint.WEIGHTS_FILE), weights);
            EncoderCheckpoint.read(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            DirectoryTree.delete(temporary);
        }
    }

    private ObjectNode config(OnnxGraph graph, NamedWeights weights, ObjectNode tokenizerJson) {
        int width = Math.toIntExact(
                weights.shape("embeddings.word_embeddings.weight").get(1));
        BertFacts facts = BertFacts.of(graph, width, heads);
        ObjectNode config = Json.mapper().createObjectNode();
        config.put("model_type", "bert").putArray("architectures").add("BertModel");
        return config.put("vocab_size", weights.rows("embeddings.word_embeddings.weight"))
                .put("hidden_size", width)
                .put("num_hidden_layers", layers(weights))
                .put("num_attention_heads", facts.heads())
                .put("intermediate_size", weights.rows("encoder.layer.0.intermediate.dense.bias"))
                .put("hidden_act", facts.activation())
                .put("max_position_embeddings", weights.rows("embeddings.position_embeddings.weight"))
                .put("type_vocab_size", weights.rows("embeddings.token_type_embeddings.weight"))
                .put("layer_norm_eps", facts.normEpsilon())
                .put(
                        "pad_token_id",
                        tokenizerJson.path("padding").path("pad_id").asInt(0))
                .put("hidden_dropout_prob", DROPOUT)
                .put("attention_probs_dropout_prob", DROPOUT);
    }

    /** One more than the highest number of a layer: if a weight of one is missing, that is for the reader to refuse. */
    private static int layers(NamedWeights weights) {
        int layers = 0;
        for (String name : weights.tensors().keySet()) {
            Matcher layer = LAYER.matcher(name);
            if (layer.lookingAt()) {
                layers = Math.max(layers, Integer.parseInt(layer.group(1)) + 1);
            }
        }
        return layers;
    }

    /** The export has the tokenizer alone; what builds it elsewhere is told by its normalizer. */
    private static ObjectNode tokenizerConfig(ObjectNode tokenizerJson) {
        ObjectNode config = Json.mapper().createObjectNode();
        JsonNode normalizer = tokenizerJson.path("normalizer");
        if (!normalizer.path("type").asText().equals("BertNormalizer")) {
            return config.put("tokenizer_class", "PreTrainedTokenizerFast");
        }
        config.put("tokenizer_class", "BertTokenizer")
                .put("do_lower_case", normalizer.path("lowercase").asBoolean(true))
                .put(
                        "tokenize_chinese_chars",
                        normalizer.path("handle_chinese_chars").asBoolean(true));
        if (normalizer.path("strip_accents").isBoolean()) {
            config.set("strip_accents", normalizer.get("strip_accents"));
        }
        return config;
    }

    private static void write(Path file, ObjectNode json) throws IOException {
        Json.mapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), json);
    }

    private static void write(Path file, NamedWeights weights) throws IOException {
        try (NDManager owner = NativeEngine.get().newBaseManager(Device.cpu())) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            weights.tensors().forEach((name, tensor) -> {
                long[] shape =
                        tensor.shape().stream().mapToLong(Long::longValue).toArray();
                arrays.put(name, SafetensorsFile.array(owner, tensor.floats(), shape));
            });
            SafetensorsWriter.write(file, arrays);
        }
    }
}
