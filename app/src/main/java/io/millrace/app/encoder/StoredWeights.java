package io.millrace.app.encoder;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.config.ConfigReader;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.TensorEntry;
import io.millrace.encoder.safetensors.TensorType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The weights that a checkpoint stores.
 *
 * @param files their files
 * @param tensors how many tensors of numbers that are trained
 * @param parameters how many numbers
 * @param bytes size of the files
 */
public record StoredWeights(List<String> files, int tensors, long parameters, long bytes) {

    public StoredWeights {
        files = List.copyOf(files);
    }

    /** Reads the headers of the weights of an encoder that is usable. */
    static StoredWeights of(Path directory) throws IOException {
        List<String> files = files(directory);
        int tensors = 0;
        long parameters = 0;
        long bytes = 0;
        for (String name : files) {
            bytes += Files.size(directory.resolve(name));
            try (SafetensorsFile file = SafetensorsFile.open(directory.resolve(name))) {
                for (TensorEntry entry : file.entries().values()) {
                    if (entry.type() != TensorType.I64) {
                        tensors++;
                        parameters += Arrays.stream(entry.shape()).reduce(1, Math::multiplyExact);
                    }
                }
            }
        }
        return new StoredWeights(files, tensors, parameters, bytes);
    }

    private static List<String> files(Path directory) {
        Path index = directory.resolve(EncoderCheckpoint.WEIGHTS_FILE + ".index.json");
        if (Files.exists(directory.resolve(EncoderCheckpoint.WEIGHTS_FILE)) || !Files.exists(index)) {
            return List.of(EncoderCheckpoint.WEIGHTS_FILE);
        }
        TreeSet<String> shards = new TreeSet<>();
        ConfigReader.of(index).object().path("weight_map").forEach(shard -> shards.add(shard.asText()));
        return List.copyOf(shards);
    }
}
