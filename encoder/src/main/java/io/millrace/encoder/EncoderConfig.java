package io.millrace.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code config.json} says of a checkpoint.
 *
 * @param family BERT, RoBERTa or DistilBERT
 * @param shape sizes
 * @param dropout dropout probabilities in training
 * @param activation the feed-forward activation, by the name that the kernels know
 * @param head what stands on the encoder, if the file says so
 * @param json the file itself, written out again with the head of the trained model
 */
record EncoderConfig(
        Family family, Shape shape, Dropout dropout, String activation, Optional<OutputHead> head, ObjectNode json) {

    static final String FILE_NAME = "config.json";

    private static final String REGRESSION = "regression";
    private static final String SCORE_NAME = "score";

    private static final Map<String, String> ACTIVATIONS = Map.of(
            "gelu", "gelu",
            "gelu_new", "gelu_tanh",
            "gelu_fast", "gelu_tanh",
            "gelu_pytorch_tanh", "gelu_tanh",
            "relu", "relu",
            "silu", "silu",
            "swish", "silu",
            "quick_gelu", "quick_gelu",
            "tanh", "tanh");

    /**
     * Sizes.
     *
     * @param layers transformer layers
     * @param heads attention heads
     * @param width of a token's representation
     * @param positions longest example in tokens
     * @param types token types; 0 where the family has none
     * @param padId id of the padding token
     * @param normEpsilon guard of the layer norms
     * @param initializerRange standard deviation of a fresh head's weights
     */
    record Shape(
            int layers,
            int heads,
            int width,
            int positions,
            int types,
            int padId,
            double normEpsilon,
            double initializerRange) {}

    /**
     * Dropout probabilities in training.
     *
     * @param hidden after the embeddings and in every layer
     * @param attention on attention weights
     * @param head before the class scores
     */
    record Dropout(double hidden, double attention, double head) {}

    /** Reads {@code directory/config.json}. */
    static EncoderConfig read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new UnusableCheckpointException(
                    directory + " is no Hugging Face checkpoint: it has no config.json. Give the directory of one.");
        }
        return of(new ConfigReader(JsonFile.object(file), file));
    }

    private static EncoderConfig of(ConfigReader json) {
        Family family = Family.of(json.text("model_type", ""));
        json.requireOneOf("position_embedding_type", "absolute");
        json.requireFlag("tie_word_embeddings", true);
        json.requireFlag("is_decoder", false);
        boolean distil = family == Family.DISTILBERT;
        String activationKey = distil ? "activation" : "hidden_act";
        String activation = ACTIVATIONS.get(json.text(activationKey, "gelu"));
        if (activation == null) {
            throw json.wrong(
                    activationKey,
                    "one of " + ACTIVATIONS.keySet().stream().sorted().toList());
        }
        double hidden = json.number(distil ? "dropout" : "hidden_dropout_prob", 0.1);
        Dropout dropout = new Dropout(
                hidden,
                json.number(distil ? "attention_dropout" : "attention_probs_dropout_prob", 0.1),
                distil ? json.number("seq_classif_dropout", 0.2) : json.number("classifier_dropout", hidden));
        return new EncoderConfig(family, shape(json, distil), dropout, activation, head(json), json.object());
    }

    private static Shape shape(ConfigReader json, boolean distil) {
        Shape shape = new Shape(
                json.size(distil ? "n_layers" : "num_hidden_layers"),
                json.size(distil ? "n_heads" : "num_attention_heads"),
                json.size(distil ? "dim" : "hidden_size"),
                json.size("max_position_embeddings"),
                distil ? 0 : (int) json.number("type_vocab_size", 2),
                (int) json.number("pad_token_id", 0),
                distil ? 1e-12 : json.number("layer_norm_eps", 1e-12),
                json.number("initializer_range", 0.02));
        if (shape.width % shape.heads != 0) {
            throw json.wrong(distil ? "dim" : "hidden_size", "a multiple of the " + shape.heads + " attention heads");
        }
        return shape;
    }

    private static Optional<OutputHead> head(ConfigReader json) {
        if (json.text("problem_type", "").equals(REGRESSION)) {
            return Optional.of(OutputHead.score());
        }
        JsonNode id2label = json.object().get("id2label");
        if (id2label == null || id2label.isNull()) {
            return Optional.empty();
        }
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < id2label.size(); i++) {
            JsonNode label = id2label.get(Integer.toString(i));
            if (label == null || !label.isTextual()) {
                throw json.wrong("id2label", "an object with the keys 0 to " + (id2label.size() - 1));
            }
            labels.add(label.textValue());
        }
        return Optional.of(OutputHead.classes(labels));
    }

    /** The first position id: RoBERTa counts from one after the padding id. */
    int firstPosition() {
        return family == Family.ROBERTA ? shape.padId + 1 : 0;
    }

    /** Longest example in tokens, special tokens included. */
    int maxTokens() {
        return shape.positions - firstPosition();
    }

    /** Width between the two dense layers of a transformer layer. */
    int inner() {
        return reader().size(family == Family.DISTILBERT ? "hidden_dim" : "intermediate_size");
    }

    /** Number of token ids; an encoder with weights has as many as they say. */
    int vocabulary() {
        return reader().size("vocab_size");
    }

    private ConfigReader reader() {
        return new ConfigReader(json, Path.of(FILE_NAME));
    }

    /** This configuration with another head. */
    EncoderConfig with(OutputHead newHead) {
        ObjectNode copy = json.deepCopy();
        copy.remove(List.of("id2label", "label2id", "num_labels", "torch_dtype", "problem_type"));
        copy.put("dtype", "float32");
        copy.putArray("architectures").add(family.architecture(newHead.kind()));
        switch (newHead.kind()) {
            case CLASSES -> {
                copy.put("problem_type", "single_label_classification");
                ObjectNode id2label = copy.putObject("id2label");
                ObjectNode label2id = copy.putObject("label2id");
                for (int i = 0; i < newHead.labels().size(); i++) {
                    id2label.put(Integer.toString(i), newHead.labels().get(i));
                    label2id.put(newHead.labels().get(i), i);
                }
            }
            case SCORE -> {
                copy.put("problem_type", REGRESSION);
                // transformers counts the outputs by these names.
                copy.putObject("id2label").put("0", SCORE_NAME);
                copy.putObject("label2id").put(SCORE_NAME, 0);
            }
            case NONE -> {}
        }
        return new EncoderConfig(family, shape, dropout, activation, Optional.of(newHead), copy);
    }
}
