package io.millrace.app.encoder;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.TensorEntry;
import io.millrace.encoder.safetensors.TensorType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
        List<String> files = new ArrayList<>();
        int tensors = 0;
        long parameters = 0;
        long bytes = 0;
        for (Path path : EncoderCheckpoint.weightFiles(directory)) {
            files.add(path.startsWith(directory) ? directory.relativize(path).toString() : path.toString());
            bytes += Files.size(path);
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
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
}
