package io.millrace.evaluator;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CheckpointManifest.Lineage;
import io.millrace.schemas.store.Sha256;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checkpoints of the task {@code intent} as a trainer leaves them in a store, with a few bytes for weights. */
public final class StoredCheckpoint {

    private StoredCheckpoint() {}

    /** Writes a checkpoint whose weights are the given text. */
    public static CheckpointReference write(Path store, long step, String weights) throws IOException {
        return write(
                store,
                step,
                Map.of(
                        "config.json", "{}",
                        "model.safetensors", weights,
                        "tokenizer.json", "{}",
                        "tokenizer_config.json", "{}",
                        "optimizer.safetensors", "moments",
                        "reference.safetensors", "reference"));
    }

    /** Writes a checkpoint of these files. */
    public static CheckpointReference write(Path store, long step, Map<String, String> files) throws IOException {
        String id = String.format("checkpoint-%06d", step);
        Path directory = Files.createDirectories(store.resolve("intent").resolve(id));
        Map<String, FileHash> hashes = new TreeMap<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = Files.writeString(directory.resolve(file.getKey()), file.getValue());
            hashes.put(file.getKey(), FileHash.of(path));
        }
        CheckpointManifest manifest = new CheckpointManifest(
                CheckpointManifest.FORMAT,
                "intent",
                id,
                step,
                new Lineage(null, "config-hash", new OffsetRange(0, 0, step), List.of()),
                hashes);
        Path file = Files.writeString(directory.resolve(CheckpointManifest.FILE_NAME), Json.write(manifest));
        return new CheckpointReference("intent", id, step, "intent/" + id, Sha256.of(file));
    }
}
