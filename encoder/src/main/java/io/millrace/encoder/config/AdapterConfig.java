package io.millrace.encoder.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.store.UnusableCheckpointException;
import io.millrace.schemas.text.LogSafe;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code adapter_config.json} of an adapter in the layout of Hugging Face PEFT.
 *
 * @param base directory of the encoder that it adapts
 * @param rank of its matrices
 * @param scale what the product of its matrices is multiplied by
 */
public record AdapterConfig(Path base, int rank, double scale) {

    public static final String FILE_NAME = "adapter_config.json";

    private static final String BASE = "base_model_name_or_path";
    private static final int MOST_NAME_CHARS = 200;

    /** Features of PEFT that change what an adapter computes, and that are not supported. */
    private static final List<String> FLAGS = List.of("use_dora", "lora_bias", "fan_in_fan_out", "use_qalora");

    private static final List<String> EXTRAS = List.of(
            "rank_pattern",
            "alpha_pattern",
            "layer_replication",
            "trainable_token_indices",
            "target_parameters",
            "alora_invocation_tokens",
            "megatron_config",
            "arrow_config",
            "kasa_config",
            "monteclora_config",
            "velora_config",
            "use_bdlora");

    /** Whether a directory holds an adapter and no weights of its own. */
    public static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve(FILE_NAME));
    }

    /**
     * Reads {@code directory/adapter_config.json}.
     *
     * @throws UnusableCheckpointException if the adapter needs something that is not supported, or its encoder is not there
     */
    public static AdapterConfig read(Path directory) {
        ConfigReader json = ConfigReader.of(directory.resolve(FILE_NAME));
        json.requireText("peft_type", "LORA");
        json.requireText("bias", "none");
        FLAGS.forEach(key -> json.requireFlag(key, false));
        EXTRAS.forEach(json::requireNothing);
        JsonNode start = json.object().path("init_lora_weights");
        if (start.isTextual() && !List.of("gaussian", "orthogonal").contains(start.textValue())) {
            throw json.wrong("init_lora_weights", "true, false, gaussian or orthogonal: the others change the encoder");
        }
        int rank = json.size("r");
        double alpha = json.positive("lora_alpha", 8);
        return new AdapterConfig(
                base(directory, json), rank, json.flag("use_rslora", false) ? alpha / Math.sqrt(rank) : alpha / rank);
    }

    private static Path base(Path directory, ConfigReader json) {
        String named = json.text(BASE, "");
        try {
            for (Path candidate : List.of(directory.resolve(named), Path.of(named))) {
                if (!named.isEmpty() && Files.isDirectory(candidate)) {
                    return candidate.normalize();
                }
            }
        } catch (InvalidPathException e) {
            throw notFound(directory, named);
        }
        throw notFound(directory, named);
    }

    private static UnusableCheckpointException notFound(Path directory, String named) {
        return new UnusableCheckpointException(
                directory.resolve(FILE_NAME) + ": " + BASE
                        + " must be the directory of the encoder that was adapted, from that of the adapter, got \""
                        + LogSafe.line(named, MOST_NAME_CHARS)
                        + "\", which is no directory. Fetch the encoder with ./millrace encoder download, and write its directory there.");
    }
}
