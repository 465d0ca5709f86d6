package io.millrace.encoder.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads {@link Blocks} from the configuration of a ModernBERT (Warner et al. 2024, arXiv 2412.13663), as transformers 4 writes it
 * ({@code global_rope_theta}, {@code local_rope_theta}, {@code global_attn_every_n_layers}) or transformers 5 ({@code rope_parameters},
 * {@code layer_types}). The newer keys win where both are there, as in transformers 5.
 */
final class ModernBertBlocks {

    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";
    private static final String LAYER_TYPES = "layer_types";
    private static final String ROPE = "rope_parameters";
    private static final String POOLING = "classifier_pooling";
    private static final String THETA = "rope_theta";
    private static final String ROPE_TYPE = "rope_type";
    private static final String GLOBAL_THETA = "global_rope_theta";
    private static final String LOCAL_THETA = "local_rope_theta";

    private ModernBertBlocks() {}

    /**
     * Reads the description.
     *
     * @param layers number of layers
     */
    static Blocks of(ConfigReader json, int layers) {
        String pooling = json.text(POOLING, "cls");
        if (!Set.of("cls", "mean").contains(pooling)) {
            throw json.wrong(POOLING, "cls or mean");
        }
        json.requireNothing("rope_scaling");
        String head = Activation.of(json, "classifier_activation");
        return new Blocks(
                true,
                true,
                attention(json, layers),
                new Blocks.Biases(
                        json.flag("attention_bias", false),
                        json.flag("mlp_bias", false),
                        json.flag("norm_bias", false),
                        json.flag("classifier_bias", false),
                        json.flag("decoder_bias", true)),
                pooling.equals("mean"),
                new Blocks.Activations(Activation.of(json, "hidden_activation"), head, head));
    }

    private static List<Blocks.Attention> attention(ConfigReader json, int layers) {
        double global = json.positive(GLOBAL_THETA, 160_000);
        boolean localIsGlobal = json.object().path(LOCAL_THETA).isNull();
        double local = localIsGlobal ? global : json.positive(LOCAL_THETA, 10_000);
        Blocks.Attention whole = new Blocks.Attention(Blocks.WHOLE_TEXT, theta(json, FULL, global));
        // The key holds the whole window; a token sees half of it to either side.
        Blocks.Attention near =
                new Blocks.Attention(json.whole("local_attention", 128, 1) / 2, theta(json, SLIDING, local));
        List<Blocks.Attention> attention = new ArrayList<>();
        for (String type : types(json, layers)) {
            attention.add(type.equals(FULL) ? whole : near);
        }
        return attention;
    }

    private static List<String> types(ConfigReader json, int layers) {
        List<String> types = new ArrayList<>();
        if (!json.object().hasNonNull(LAYER_TYPES)) {
            int every = json.whole("global_attn_every_n_layers", 3, 1);
            for (int layer = 0; layer < layers; layer++) {
                types.add(layer % every == 0 ? FULL : SLIDING);
            }
            return types;
        }
        json.object().path(LAYER_TYPES).forEach(type -> types.add(type.asText()));
        if (types.size() != layers || !Set.of(FULL, SLIDING).containsAll(types)) {
            throw json.wrong(LAYER_TYPES, FULL + " or " + SLIDING + " for each of the " + layers + " layers");
        }
        return types;
    }

    private static double theta(ConfigReader json, String type, double byDefault) {
        JsonNode parameters = json.object().path(ROPE);
        if (parameters.isMissingNode() || parameters.isNull()) {
            return byDefault;
        }
        for (JsonNode kind : parameters) {
            if (!kind.isNull()
                    && !(kind.isObject()
                            && kind.path(ROPE_TYPE).asText("default").equals("default"))) {
                throw json.wrong(ROPE, "an object of " + FULL + " and " + SLIDING + ", each of the rope_type default");
            }
        }
        if (!(parameters.path(type) instanceof ObjectNode own)) {
            return byDefault;
        }
        return new ConfigReader(own, json.file()).positive(THETA, byDefault);
    }
}
