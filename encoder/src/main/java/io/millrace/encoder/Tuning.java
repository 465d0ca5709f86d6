package io.millrace.encoder;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Which weights of an encoder are trained. The head of the task always is.
 *
 * @param mode all, adapters of low rank, or the top layers; default full
 * @param rank of the adapters; default 8
 * @param alpha an adapter's output is multiplied by {@code alpha / rank}; default 16
 * @param dropout on what adapters read; default 0.05
 * @param targets the matrices of each layer that have an adapter: query, key, value, output, up, down, or the end of the name of
 *     a module as Hugging Face has it; default query and value
 * @param layers number of top layers that are trained; absent unless the mode is layers, which requires it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Tuning(
        Mode mode, Integer rank, Double alpha, Double dropout, List<String> targets, @Nullable Integer layers) {

    /** Names what was trained, beside the weights of a checkpoint that holds only these. */
    public static final String FILE_NAME = "tuning.json";

    /** Every weight is trained. */
    public static final Tuning FULL = byDefault(Mode.FULL, null);

    private static final int MOST_RANK = 1024;

    /** What is trained. */
    public enum Mode {
        /** Every weight. */
        @JsonProperty("full")
        FULL("full"),
        /** Adapters of low rank beside matrices that stay as they are (LoRA, Hu et al. 2021, arXiv 2106.09685). */
        @JsonProperty("lora")
        LORA("lora"),
        /** The top layers. */
        @JsonProperty("layers")
        LAYERS("layers");

        private final String wireName;

        Mode(String wireName) {
            this.wireName = wireName;
        }

        /** Its name in files. */
        public String wireName() {
            return wireName;
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public Tuning {
        mode = mode == null ? Mode.FULL : mode;
        rank = rank == null ? 8 : rank;
        alpha = alpha == null ? 16.0 : alpha;
        dropout = dropout == null ? 0.05 : dropout;
        targets = targets == null ? List.of("query", "value") : List.copyOf(targets);
        require(rank >= 1 && rank <= MOST_RANK, "rank", "in [1, " + MOST_RANK + "]", rank);
        require(alpha > 0 && !Double.isInfinite(alpha), "alpha", "above 0", alpha);
        require(dropout >= 0 && dropout < 1, "dropout", "in [0, 1)", dropout);
        require(!targets.isEmpty(), "targets", "at least one name", "none");
        require(
                mode != Mode.LAYERS || (layers != null && layers >= 1),
                "layers",
                "the number of top layers to train, at least 1, where tuning.mode is layers",
                layers == null ? "nothing" : layers);
    }

    /** A mode by its name, with every number at its default. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Tuning of(String mode) {
        for (Mode one : Mode.values()) {
            if (one.wireName.equals(mode)) {
                return byDefault(one, null);
            }
        }
        throw new IllegalArgumentException("tuning must be one of full, lora, layers, or a mapping of keys with"
                + " one of them as mode, got \"" + mode + "\"");
    }

    /** The top layers. */
    public static Tuning ofLayers(int layers) {
        return byDefault(Mode.LAYERS, layers);
    }

    private static Tuning byDefault(Mode mode, @Nullable Integer layers) {
        return new Tuning(mode, 8, 16.0, 0.05, List.of("query", "value"), layers);
    }

    private static void require(boolean holds, String key, String expected, Object got) {
        if (!holds) {
            throw new IllegalArgumentException("tuning." + key + " must be " + expected + ", got " + got);
        }
    }

    /** Whether some weights stay as they are. */
    public boolean isPartial() {
        return mode != Mode.FULL;
    }

    /** What an adapter's output is multiplied by. */
    double scale() {
        return alpha / rank;
    }

    /** Whether training can go on under {@code other} with the weights that were trained under this: the dropout may differ. */
    public boolean isContinuedBy(Tuning other) {
        return mode == other.mode
                && switch (mode) {
                    case FULL -> true;
                    case LAYERS -> other.layers != null && other.layers.equals(layers);
                    case LORA -> rank.equals(other.rank)
                            && alpha.equals(other.alpha)
                            && Set.copyOf(targets).equals(Set.copyOf(other.targets));
                };
    }

    /** The part of the configuration that matters, for messages. */
    public String shown() {
        return switch (mode) {
            case FULL -> "full";
            case LAYERS -> "layers: " + layers;
            case LORA -> "lora with rank " + rank + ", alpha " + alpha + ", targets " + targets;
        };
    }

    /** What the weights in a checkpoint's directory were trained under; full if it does not say. */
    public static Tuning read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            return FULL;
        }
        try {
            return Json.mapper().readValue(file.toFile(), Tuning.class);
        } catch (IOException e) {
            throw new UnusableCheckpointException(
                    "cannot read " + file + ": " + Json.fault(e) + ". Take the checkpoint again from where it came.",
                    e);
        }
    }

    /** Writes {@value #FILE_NAME} into a directory. */
    void write(Path directory) throws IOException {
        Files.writeString(directory.resolve(FILE_NAME), Json.write(this) + "\n");
    }
}
