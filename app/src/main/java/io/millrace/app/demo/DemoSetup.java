package io.millrace.app.demo;

import io.millrace.app.config.DataDirectory;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.config.TaskConfig;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.AtomicFile;
import io.millrace.schemas.store.UnusableCheckpointException;
import io.millrace.trainer.config.TrainingConfig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Prepares a data directory: the encoder, and a configuration to read, copy and reuse. */
final class DemoSetup {

    private static final String ENCODER = "encoder";
    private static final Map<String, String> SHIPPED = Map.of("method", "smart", "device", "auto", ENCODER, ENCODER);

    /** The shipped one is small and learns with large steps; for others these are too large. */
    private static final String STEP_SIZE = "learningRate: 0.0008\n";

    private static final String CAREFUL_STEP_SIZE = "learningRate: 0.0002\n";

    private DemoSetup() {}

    /**
     * The configuration in {@code data}; written there at the first start, and not touched later.
     *
     * @param wanted {@code method}, {@code device} or {@code encoder}, where the user asks for others than the shipped ones
     */
    static MillraceConfig prepare(DataDirectory data, Map<String, String> wanted) throws IOException {
        Files.createDirectories(data.root());
        AtomicFile.deleteLeftovers(data.root());
        if (wanted.containsKey(ENCODER)) {
            requireUsable(Path.of(wanted.get(ENCODER)));
        } else {
            DemoFiles.unpackEncoder(data.root());
        }
        Path file = data.root().resolve(DemoFiles.CONFIG);
        if (!Files.exists(file)) {
            AtomicFile.write(file, shippedWith(wanted));
        }
        MillraceConfig config = MillraceConfig.read(file);
        requireSame(file, config, wanted);
        return config.withDirectories(data);
    }

    /** An encoder that a task could not start from is refused before anything starts. */
    private static void requireUsable(Path encoder) {
        try {
            EncoderCheckpoint.read(encoder);
        } catch (UnusableCheckpointException e) {
            throw new ConfigException("--encoder cannot be used: " + e.getMessage(), e);
        }
    }

    /** A model trained with two methods would mislead. */
    private static void requireSame(Path file, MillraceConfig config, Map<String, String> wanted) {
        TaskConfig task = config.tasks().get(DemoFiles.TASK);
        if (task == null) {
            throw new ConfigException(file + ": tasks must name " + DemoFiles.TASK + ", got "
                    + config.tasks().keySet());
        }
        TrainingConfig training = task.training();
        Map<String, String> present = Map.of(
                "method",
                training.objective().method().wireName(),
                "device",
                training.compute().device(),
                ENCODER,
                training.encoder().toAbsolutePath().normalize().toString());
        new TreeMap<>(wanted).forEach((key, value) -> {
            if (!value.equals(present.get(key))) {
                throw new ConfigException(file + ": " + key + " is " + present.get(key) + " since the first start, got "
                        + value + ". Use another directory with --data.");
            }
        });
    }

    private static String shippedWith(Map<String, String> wanted) throws IOException {
        String text;
        try (InputStream in = DemoFiles.open(DemoFiles.CONFIG)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            String key = entry.getKey() + ": ";
            text = text.replace(key + SHIPPED.get(entry.getKey()) + "\n", key + Json.write(entry.getValue()) + "\n");
        }
        if (wanted.containsKey(ENCODER)) {
            text = text.replace(STEP_SIZE, CAREFUL_STEP_SIZE);
        }
        return text;
    }
}
