package io.millrace.encoder.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings in {@code config.json} of a checkpoint.
 *
 * @param architecture the family
 * @param shape sizes
 * @param blocks what layers and heads compute
 * @param dropout dropout probabilities in training
 * @param json the file itself, written out again with the head of the trained model
 */
public record EncoderConfig(Architecture architecture, Shape shape, Blocks blocks, Dropout dropout, ObjectNode json) {

    public static final String FILE_NAME = "config.json";

    private static final String PAD_TOKEN_ID = "pad_token_id";

    private static final String SCORE_NAME = "score";

    /** Keys that change the computation in a way that the kernels do not support. */
    private static final List<String> UNKNOWN_ARITHMETIC =
            List.of("pruned_heads", "per_layer_config", "quantization_config");

    /** Names of BERT's keys where a family has its own. */
    private static final Map<Architecture, Map<String, String>> KEYS = Map.of(
            Architecture.DISTILBERT,
            Map.of(
                    "num_hidden_layers", "n_layers",
                    "num_attention_heads", "n_heads",
                    "hidden_size", "dim",
                    "intermediate_size", "hidden_dim",
                    "hidden_act", "activation",
                    "hidden_dropout_prob", "dropout",
                    "attention_probs_dropout_prob", "attention_dropout",
                    "classifier_dropout", "seq_classif_dropout"),
            Architecture.MODERNBERT,
            Map.of("layer_norm_eps", "norm_eps"),
            Architecture.DEBERTA_V2,
            Map.of("classifier_dropout", "cls_dropout"));

    /**
     * Sizes.
     *
     * @param layers transformer layers
     * @param heads attention heads
     * @param width of a token's representation
     * @param embeddingWidth of a token's embedding, before it is projected to {@code width}
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
            int embeddingWidth,
            int positions,
            int types,
            int padId,
            double normEpsilon,
            double initializerRange) {}

    /**
     * Dropout probabilities in training.
     *
     * @param hidden after the embeddings and in every layer, where a norm follows
     * @param attention on attention weights
     * @param head before the class scores
     * @param headInput before the dense layer of the classification head
     * @param embedding after the embeddings, where the norm comes first
     * @param output after the attention, where the norm comes first
     * @param inner on the feed-forward's inner values
     */
    public record Dropout(
            double hidden,
            double attention,
            double head,
            double headInput,
            double embedding,
            double output,
            double inner) {

        /** No dropout. */
        public static final Dropout NONE = new Dropout(0, 0, 0, 0);

        /** That of BERT and its like. */
        public Dropout(double hidden, double attention, double head, double headInput) {
            this(hidden, attention, head, headInput, 0, 0, 0);
        }
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
        Shape shape = shape(json, architecture);
        return new EncoderConfig(
                architecture,
                shape,
                blocks(json, architecture, shape),
                architecture == Architecture.MODERNBERT ? modernDropout(json) : bertDropout(json, architecture),
                json.object());
    }

    private static Blocks blocks(ConfigReader json, Architecture architecture, Shape shape) {
        return switch (architecture) {
            case MODERNBERT -> ModernBertBlocks.of(json, shape.layers());
            case DEBERTA_V2 -> DebertaBlocks.of(json, shape);
            case BERT, ROBERTA, XLM_ROBERTA, CAMEMBERT, DISTILBERT, ELECTRA -> bertBlocks(
                    json, architecture, shape.layers());
        };
    }

    private static Blocks bertBlocks(ConfigReader json, Architecture architecture, int layers) {
        String activation = Activation.of(json, key(architecture, "hidden_act"));
        Architecture.Traits traits = architecture.traits();
        String tokens = traits.tokenActivation().isEmpty() ? activation : traits.tokenActivation();
        return new Blocks(
                false,
                false,
                Collections.nCopies(layers, Blocks.Attention.PLAIN),
                Blocks.Biases.ALL,
                false,
                new Blocks.Activations(activation, traits.headActivation(), tokens));
    }

    private static Dropout bertDropout(ConfigReader json, Architecture architecture) {
        double hidden = json.number(key(architecture, "hidden_dropout_prob"), 0.1);
        double head = json.number(
                key(architecture, "classifier_dropout"), architecture == Architecture.DISTILBERT ? 0.2 : hidden);
        double input = architecture.traits().dropsHeadInput() ? head : 0;
        return new Dropout(
                hidden,
                json.number(key(architecture, "attention_probs_dropout_prob"), 0.1),
                head,
                architecture == Architecture.DEBERTA_V2 ? json.number("pooler_dropout", 0) : input);
    }

    private static Dropout modernDropout(ConfigReader json) {
        double attention = json.number("attention_dropout", 0);
        return new Dropout(
                0,
                attention,
                json.number("classifier_dropout", 0),
                0,
                json.number("embedding_dropout", 0),
                attention,
                json.number("mlp_dropout", 0));
    }

    /** A family's own name of one of BERT's keys. */
    private static String key(Architecture architecture, String bertKey) {
        return KEYS.getOrDefault(architecture, Map.of()).getOrDefault(bertKey, bertKey);
    }

    private static Shape shape(ConfigReader json, Architecture architecture) {
        String widthKey = key(architecture, "hidden_size");
        int width = json.size(widthKey);
        boolean typed = !architecture.names().embeddings().get(2).isEmpty();
        double epsilon = normEpsilon(architecture);
        Shape shape = new Shape(
                json.size(key(architecture, "num_hidden_layers")),
                json.size(key(architecture, "num_attention_heads")),
                width,
                architecture == Architecture.ELECTRA ? json.whole("embedding_size", 128, 1) : width,
                json.size("max_position_embeddings"),
                typed ? types(json, architecture) : 0,
                padId(json, architecture),
                architecture == Architecture.DISTILBERT
                        ? epsilon
                        : json.number(key(architecture, "layer_norm_eps"), epsilon),
                json.number("initializer_range", 0.02));
        boolean turned = architecture == Architecture.MODERNBERT;
        if (width % shape.heads != 0 || (turned && width / shape.heads % 2 != 0)) {
            throw json.wrong(
                    widthKey,
                    "a multiple of the " + shape.heads + " attention heads" + (turned ? ", by an even number" : ""));
        }
        if (architecture.traits().countsFromPadding() && shape.positions <= shape.padId + 1) {
            throw json.wrong("max_position_embeddings", "more than pad_token_id + 1, from which positions are counted");
        }
        return shape;
    }

    private static int types(ConfigReader json, Architecture architecture) {
        return architecture == Architecture.DEBERTA_V2
                ? json.whole("type_vocab_size", 0, 0)
                : json.whole("type_vocab_size", 2, 1);
    }

    private static double normEpsilon(Architecture architecture) {
        return switch (architecture) {
            case MODERNBERT -> 1e-5;
            case DEBERTA_V2 -> 1e-7;
            case BERT, ROBERTA, XLM_ROBERTA, CAMEMBERT, DISTILBERT, ELECTRA -> 1e-12;
        };
    }

    /** Only RoBERTa and its like compute with it: their positions begin there. */
    private static int padId(ConfigReader json, Architecture architecture) {
        if (!architecture.traits().countsFromPadding()) {
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

    /** The first position id: RoBERTa and its like count from one after the padding id. */
    public int firstPosition() {
        return architecture.traits().countsFromPadding() ? shape.padId + 1 : 0;
    }

    /** Longest example in tokens, special tokens included. */
    public int maxTokens() {
        return shape.positions - firstPosition();
    }

    /** Width between the two dense layers of a transformer layer. */
    public int inner() {
        return reader().size(key(architecture, "intermediate_size"));
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
        return new EncoderConfig(architecture, shape, blocks, dropout, copy);
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
