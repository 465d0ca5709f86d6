package io.millrace.encoder.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings in {@code config.json} of a checkpoint.
 *
 * @param architecture BERT, RoBERTa or DistilBERT
 * @param shape sizes
 * @param dropout dropout probabilities in training
 * @param activation the feed-forward activation, by the name that the kernels know
 * @param json the file itself, written out again with the head of the trained model
 */
public record EncoderConfig(
        Architecture architecture, Shape shape, Dropout dropout, String activation, ObjectNode json) {

    public static final String FILE_NAME = "config.json";

    private static final String PAD_TOKEN_ID = "pad_token_id";

    private static final String SCORE_NAME = "score";

    /** Keys that change the computation in a way that the kernels do not support. */
    private static final List<String> UNKNOWN_ARITHMETIC =
            List.of("pruned_heads", "per_layer_config", "quantization_config");

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
     * @param types token types; 0 where the architecture has none
     * @param padId id of the padding token
     * @param normEpsilon guard of the layer norms
     * @param initializerRange standard deviation of a fresh head's weights
     */
    public record Shape(
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
    public record Dropout(double hidden, double attention, double head) {

        /** No dropout. */
        public static final Dropout NONE = new Dropout(0, 0, 0);
    }

    /** Reads {@code directory/config.json}. */
    public static EncoderConfig read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new UnusableCheckpointException(
                    directory + " is no Hugging Face checkpoint: it has no config.json. Give the directory of one.");
        }
        return of(ConfigReader.of(file));
    }

    private static EncoderConfig of(ConfigReader json) {
        Architecture architecture = Architecture.of(json.text("model_type", ""));
        json.requireText("position_embedding_type", "absolute");
        json.requireFlag("tie_word_embeddings", true);
        json.requireFlag("is_decoder", false);
        json.requireFlag("add_cross_attention", false);
        for (String key : UNKNOWN_ARITHMETIC) {
            json.requireNothing(key);
        }
        HeadConfig.requireProblemType(json);
        boolean distil = architecture == Architecture.DISTILBERT;
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
        return new EncoderConfig(architecture, shape(json, architecture), dropout, activation, json.object());
    }

    private static Shape shape(ConfigReader json, Architecture architecture) {
        boolean distil = architecture == Architecture.DISTILBERT;
        Shape shape = new Shape(
                json.size(distil ? "n_layers" : "num_hidden_layers"),
                json.size(distil ? "n_heads" : "num_attention_heads"),
                json.size(distil ? "dim" : "hidden_size"),
                json.size("max_position_embeddings"),
                distil ? 0 : json.whole("type_vocab_size", 2, 1),
                padId(json, architecture),
                distil ? 1e-12 : json.number("layer_norm_eps", 1e-12),
                json.number("initializer_range", 0.02));
        if (shape.width % shape.heads != 0) {
            throw json.wrong(distil ? "dim" : "hidden_size", "a multiple of the " + shape.heads + " attention heads");
        }
        if (architecture == Architecture.ROBERTA && shape.positions <= shape.padId + 1) {
            throw json.wrong("max_position_embeddings", "more than pad_token_id + 1, from which positions are counted");
        }
        return shape;
    }

    /** Only RoBERTa computes with it: its positions begin there. */
    private static int padId(ConfigReader json, Architecture architecture) {
        if (architecture != Architecture.ROBERTA) {
            return json.whole(PAD_TOKEN_ID, 0, Integer.MIN_VALUE);
        }
        if (json.object().path(PAD_TOKEN_ID).isNull()) {
            throw json.wrong(PAD_TOKEN_ID, "a whole number, from which positions are counted");
        }
        return json.whole(PAD_TOKEN_ID, 1, 0);
    }

    /** Meaning of the head's outputs; absent if the weights are those of another kind of head. */
    public Optional<OutputHead> head(int rows) {
        return HeadConfig.of(reader(), rows);
    }

    /** The first position id: RoBERTa counts from one after the padding id. */
    public int firstPosition() {
        return architecture == Architecture.ROBERTA ? shape.padId + 1 : 0;
    }

    /** Longest example in tokens, special tokens included. */
    public int maxTokens() {
        return shape.positions - firstPosition();
    }

    /** Width between the two dense layers of a transformer layer. */
    public int inner() {
        return reader().size(architecture == Architecture.DISTILBERT ? "hidden_dim" : "intermediate_size");
    }

    /** Number of token ids according to the file; if there are weights, they decide. */
    public int vocabulary() {
        return reader().size("vocab_size");
    }

    public ConfigReader reader() {
        return new ConfigReader(json, Path.of(FILE_NAME));
    }

    /** This configuration with another head. */
    public EncoderConfig with(OutputHead newHead) {
        ObjectNode copy = json.deepCopy();
        copy.remove(List.of("id2label", "label2id", "num_labels", "torch_dtype", "problem_type"));
        copy.put("dtype", "float32");
        copy.putArray("architectures").add(architecture.modelClass(newHead.kind()));
        switch (newHead.kind()) {
            case CLASSES -> {
                copy.put("problem_type", HeadConfig.SINGLE_LABEL);
                names(copy, newHead.labels());
            }
            case MULTI_LABEL -> {
                copy.put("problem_type", HeadConfig.MULTI_LABEL);
                names(copy, newHead.labels());
            }
            case SCORE -> {
                copy.put("problem_type", HeadConfig.REGRESSION);
                // transformers counts the outputs by these names.
                names(copy, List.of(SCORE_NAME));
            }
            case NONE -> {}
        }
        return new EncoderConfig(architecture, shape, dropout, activation, copy);
    }

    private static void names(ObjectNode config, List<String> labels) {
        ObjectNode id2label = config.putObject("id2label");
        ObjectNode label2id = config.putObject("label2id");
        for (int i = 0; i < labels.size(); i++) {
            id2label.put(Integer.toString(i), labels.get(i));
            label2id.put(labels.get(i), i);
        }
    }
}
