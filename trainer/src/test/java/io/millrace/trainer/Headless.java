package io.millrace.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.SafetensorsWriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes encoders as sentence encoders come: without a masked-token head. */
public final class Headless {

    private Headless() {}

    /** Writes the golden BERT without its masked-token head into a new directory. */
    public static Path bert(Path target) throws IOException {
        Path source = Sentiments.golden("bert");
        Files.createDirectories(target);
        for (String file : List.of("config.json", "tokenizer.json")) {
            Files.copy(source.resolve(file), target.resolve(file));
        }
        try (NDManager scope = NDManager.newBaseManager();
                SafetensorsFile weights = SafetensorsFile.open(source.resolve("model.safetensors"))) {
            Map<String, NDArray> kept = new LinkedHashMap<>();
            for (String name : weights.entries().keySet()) {
                if (!name.startsWith("cls.")) {
                    kept.put(name, weights.array(scope, name));
                }
            }
            SafetensorsWriter.write(target.resolve("model.safetensors"), kept);
        }
        return target;
    }
}
