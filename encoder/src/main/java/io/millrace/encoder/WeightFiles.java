package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.config.ConfigReader;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.TensorEntry;
import io.millrace.schemas.store.UnusableCheckpointException;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The weights of a checkpoint: one safetensors file, or the parts that {@code model.safetensors.index.json} lists, whose
 * {@code weight_map} says which part holds a tensor. The caller closes it.
 */
final class WeightFiles implements AutoCloseable {

    /** What large checkpoints have beside their parts. */
    static final String INDEX_FILE = "model.safetensors.index.json";

    private static final int MAX_NAME_CHARS = 200;

    private final Path path;
    private final Map<String, SafetensorsFile> parts;
    private final Map<String, SafetensorsFile> byTensor = new LinkedHashMap<>();
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private WeightFiles(Path path, Map<String, SafetensorsFile> parts) {
        this.path = path;
        this.parts = parts;
        parts.forEach((name, part) -> {
            metadata.putAll(part.metadata());
            part.entries().forEach((tensor, entry) -> {
                entries.put(tensor, entry);
                if (byTensor.put(tensor, part) != null) {
                    throw new UnusableCheckpointException(path + ": the tensor " + LogSafe.line(tensor, MAX_NAME_CHARS)
                            + " must be in one part, got several. Copy the checkpoint again.");
                }
            });
        });
    }

    /** The file that a directory's weights begin with: the whole of them, or the list of their parts; a name without a file if there are none. */
    static Path in(Path directory) {
        Path whole = directory.resolve(EncoderCheckpoint.WEIGHTS_FILE);
        Path index = directory.resolve(INDEX_FILE);
        return Files.isRegularFile(whole) || !Files.isRegularFile(index) ? whole : index;
    }

    /** The files that hold the weights of a directory, in a fixed order; none if there are none. */
    static List<Path> of(Path directory) {
        Path first = in(directory);
        if (first.endsWith(INDEX_FILE)) {
            return new TreeSet<>(weightMap(first).values())
                    .stream().map(name -> beside(first, name)).toList();
        }
        return Files.isRegularFile(first) ? List.of(first) : List.of();
    }

    /** Opens a file, or the parts that it lists, and reads the headers. */
    static WeightFiles open(Path path) throws IOException {
        if (!path.endsWith(INDEX_FILE)) {
            return new WeightFiles(path, Map.of("", SafetensorsFile.open(path)));
        }
        Map<String, String> map = weightMap(path);
        Map<String, SafetensorsFile> parts = new LinkedHashMap<>();
        try (OpenedSoFar opened = new OpenedSoFar()) {
            for (String name : new TreeSet<>(map.values())) {
                parts.put(name, opened.add(SafetensorsFile.open(beside(path, name))));
            }
            WeightFiles files = new WeightFiles(path, parts);
            files.requireListed(map);
            opened.keep();
            return files;
        }
    }

    private static Map<String, String> weightMap(Path path) {
        JsonNode map = ConfigReader.of(path).object().path("weight_map");
        Map<String, String> listed = new LinkedHashMap<>();
        map.properties()
                .forEach(tensor -> listed.put(tensor.getKey(), tensor.getValue().asText()));
        if (listed.isEmpty()) {
            throw new UnusableCheckpointException(
                    path + ": weight_map must name the part of each tensor, got none. Copy the checkpoint again.");
        }
        return listed;
    }

    /** A part lies beside its list, whatever the list says. */
    private static Path beside(Path index, String name) {
        Path part = index.resolveSibling(Path.of(name).getFileName());
        if (!part.getFileName().toString().equals(name) || !Files.isRegularFile(part)) {
            throw new UnusableCheckpointException(index + ": the part " + LogSafe.line(name, MAX_NAME_CHARS)
                    + " must lie beside it, but is not there. Copy all parts of the checkpoint.");
        }
        return part;
    }

    private void requireListed(Map<String, String> map) {
        Set<String> missing = new TreeSet<>(map.keySet());
        missing.removeIf(tensor -> byTensor.containsKey(tensor) && byTensor.get(tensor) == parts.get(map.get(tensor)));
        if (!missing.isEmpty()) {
            String first = missing.iterator().next();
            throw new UnusableCheckpointException(path + ": the tensor " + LogSafe.line(first, MAX_NAME_CHARS)
                    + " must be in " + LogSafe.line(String.valueOf(map.get(first)), MAX_NAME_CHARS)
                    + ", as weight_map says, got a part without it. Copy the checkpoint again.");
        }
    }

    /** Every tensor by name. */
    Map<String, TensorEntry> entries() {
        return entries;
    }

    /** The metadata of all files. */
    Map<String, String> metadata() {
        return metadata;
    }

    /** A tensor's values as an array of {@code owner}. */
    NDArray array(NDManager owner, String name) throws IOException {
        return file(name).array(owner, name);
    }

    /** A tensor's values widened to 32-bit floats. */
    ByteBuffer floats(String name) throws IOException {
        return file(name).floats(name);
    }

    /** Whether two tensors of these files hold the same values. */
    boolean same(String one, String other) throws IOException {
        return file(one).sha256(one).equals(file(other).sha256(other));
    }

    private SafetensorsFile file(String name) {
        SafetensorsFile file = byTensor.get(name);
        return file == null ? parts.values().iterator().next() : file;
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile part : parts.values()) {
            part.close();
        }
    }
}
