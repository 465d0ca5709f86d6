package io.millrace.encoder.config;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads {@link Blocks} from the configuration of a DeBERTa-v3 (He et al. 2021, arXiv 2111.09543), whose {@code model_type} is deberta-v2.
 * The keys that tell it from a DeBERTa-v2 must be those of v3: distances alone for positions, projected by the matrices of the content.
 */
final class DebertaBlocks {

    private static final String DIRECTIONS = "pos_att_type";
    private static final String NORM = "norm_rel_ebd";

    private DebertaBlocks() {}

    static Blocks of(ConfigReader json, EncoderConfig.Shape shape) {
        requireV3(json, shape);
        int farthest = json.whole("max_relative_positions", -1, Integer.MIN_VALUE);
        farthest = farthest < 1 ? shape.positions() : farthest;
        int buckets = json.whole("position_buckets", -1, Integer.MIN_VALUE);
        if (buckets > 0 && (buckets < 4 || buckets / 2 >= farthest - 1)) {
            throw json.wrong(
                    "position_buckets", "at least 4, and their half less than the farthest distance " + farthest);
        }
        Blocks.Attention attention = new Blocks.Attention(
                Blocks.WHOLE_TEXT, Blocks.NOT_TURNED, buckets > 0 ? buckets : farthest, buckets > 0 ? farthest : 0);
        return new Blocks(
                false,
                false,
                Collections.nCopies(shape.layers(), attention),
                Blocks.Biases.ALL,
                false,
                new Blocks.Activations(
                        Activation.of(json, "hidden_act"), Activation.of(json, "pooler_hidden_act"), "gelu"));
    }

    private static void requireV3(ConfigReader json, EncoderConfig.Shape shape) {
        requireStated(json, "relative_attention", true);
        requireStated(json, "share_att_key", true);
        requireStated(json, "position_biased_input", false);
        if (!json.text(NORM, "none").equals("layer_norm")) {
            throw json.wrong(NORM, "layer_norm, as in DeBERTa-v3");
        }
        if (json.whole("conv_kernel_size", 0, Integer.MIN_VALUE) > 0) {
            throw json.wrong("conv_kernel_size", "absent, as in DeBERTa-v3");
        }
        for (String key : new String[] {"pooler_hidden_size", "embedding_size"}) {
            if (json.whole(key, shape.width(), 1) != shape.width()) {
                throw json.wrong(key, "the hidden_size " + shape.width());
            }
        }
        JsonNode stated = json.object().path(DIRECTIONS);
        Set<String> directions = new TreeSet<>();
        if (stated.isTextual()) {
            Arrays.stream(stated.asText().toLowerCase(Locale.ROOT).split("\\|", -1))
                    .map(String::strip)
                    .forEach(directions::add);
        } else {
            stated.forEach(direction -> directions.add(direction.asText()));
        }
        if (!directions.equals(Set.of("c2p", "p2c"))) {
            throw json.wrong(DIRECTIONS, "c2p and p2c, as in DeBERTa-v3");
        }
    }

    /** The default of these keys is not the value of v3. */
    private static void requireStated(ConfigReader json, String key, boolean only) {
        if (json.flag(key, !only) != only) {
            throw json.wrong(key, only + ", as in DeBERTa-v3");
        }
    }
}
