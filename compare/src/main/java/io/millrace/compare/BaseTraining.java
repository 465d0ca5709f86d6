package io.millrace.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.config.ConfigFile;
import io.millrace.schemas.store.AtomicFile;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.trainer.config.TrainingConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * The training settings that all methods share.
 *
 * @param tree the keys of {@code training} that were given
 * @param folder the folder that relative paths refer to
 * @param origin the source of the keys, for messages
 */
public record BaseTraining(ObjectNode tree, Path folder, String origin) {

    private static final String ENCODER = "encoder";
    private static final double LEARNING_RATE = 6e-4;
    private static final int WARMUP_STEPS = 100;

    /** The settings of a file whose keys are those of {@code training}. */
    public static BaseTraining read(Path file) {
        return new BaseTraining(ConfigFile.tree(file), ConfigFile.folderOf(file), file.toString());
    }

    /** The settings that were given. Without any: the demo's settings and the shipped encoder, unpacked into {@code out}. */
    static BaseTraining of(CompareOptions options) throws IOException {
        if (options.training().isPresent()) {
            return options.training().get();
        }
        Path out = options.destination().folder();
        unpack(options.shippedEncoder(), out.resolve(ENCODER));
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("encoder", ENCODER);
        tree.putObject("compute").put("precision", "bf16");
        ObjectNode optimizer = tree.putObject("optimizer").put("learningRate", LEARNING_RATE);
        optimizer.putObject("schedule").put("warmupSteps", WARMUP_STEPS);
        tree.putObject("batching").put("batchSize", 32).put("maxTokens", 64);
        return new BaseTraining(tree, out.toAbsolutePath().normalize(), "the shipped settings");
    }

    /** The settings without a method. */
    TrainingConfig plain() {
        return bind(tree, 0, origin);
    }

    /** The settings of a run. */
    TrainingConfig of(MethodChoice method, long seed) {
        return bind(method.appliedTo(tree), seed, "method " + method.label());
    }

    /** The keys that were given, for the table. */
    String described() {
        Map<String, String> keys = new TreeMap<>();
        flatten("", tree, keys);
        keys.remove("encoder");
        keys.remove("seed");
        StringBuilder described = new StringBuilder(origin);
        keys.forEach((key, value) -> described
                .append(described.length() == origin.length() ? ": " : ", ")
                .append(key)
                .append('=')
                .append(value));
        return described.toString();
    }

    /** Another process may unpack at the same time: the first to finish provides the whole folder. */
    private static void unpack(CompareOptions.ShippedEncoder shipped, Path encoder) throws IOException {
        if (Files.isDirectory(encoder)) {
            return;
        }
        Path unpacked = AtomicFile.temporary(encoder);
        try {
            shipped.unpackInto(unpacked);
            Files.move(unpacked.resolve(ENCODER), encoder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(encoder)) {
                throw e;
            }
        } finally {
            DirectoryTree.delete(unpacked);
        }
    }

    private TrainingConfig bind(ObjectNode keys, long seed, String from) {
        if (keys.path("encoder").isMissingNode()) {
            throw new ConfigException(
                    from + ": encoder must be the directory of a Hugging Face checkpoint, got nothing");
        }
        TrainingConfig training =
                ConfigFile.bind(keys.deepCopy().put("seed", seed), TrainingConfig.class, folder, from);
        if (training.batching().unlabelledShare() > 0) {
            throw new ConfigException(
                    from + ": batching.unlabelledShare must be 0, because a comparison has no unlabelled"
                            + " texts, got " + training.batching().unlabelledShare());
        }
        return training;
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> keys) {
        node.properties().forEach(entry -> {
            String key = prefix + entry.getKey();
            if (entry.getValue().isObject()) {
                flatten(key + ".", entry.getValue(), keys);
            } else {
                keys.put(key, entry.getValue().asText());
            }
        });
    }
}
