package io.millrace.encoder;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.config.AdapterConfig;
import io.millrace.encoder.config.ConfigReader;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.TensorEntry;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.schemas.store.UnusableCheckpointException;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The weights of a checkpoint: one safetensors file; or the parts that {@code model.safetensors.index.json} lists, whose
 * {@code weight_map} says which part holds a tensor; or those of an encoder and of an adapter for it, whose tensors replace the
 * encoder's of the same name. The caller closes it.
 */
final class WeightFiles implements AutoCloseable {

    /** What large checkpoints have beside their parts. */
    static final String INDEX_FILE = "model.safetensors.index.json";

    /** What an adapter has in place of them, in the layout of Hugging Face PEFT. */
    static final String ADAPTER_FILE = "adapter_model.safetensors";

    /** The masked-token head of an adapted encoder, which a classifier of Hugging Face has no place for. */
    static final String TOKEN_HEAD_FILE = "token-head.safetensors";

    /** The weights that were trained, where the others are frozen. */
    static final String TRAINED_FILE = "trained.safetensors";

    private static final Set<String> TRAINED_FILES = Set.of(ADAPTER_FILE, TOKEN_HEAD_FILE, TRAINED_FILE);
    private static final int MAX_NAME_CHARS = 200;

    private final Path path;
    private final Map<String, SafetensorsFile> parts;
    private final Map<String, SafetensorsFile> byTensor = new LinkedHashMap<>();
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Set<String> replacing = new HashSet<>();

    private WeightFiles(Path path, Map<String, SafetensorsFile> parts) {
        this.path = path;
        this.parts = parts;
        boolean builds = path.endsWith(ADAPTER_FILE) || parts.keySet().stream().anyMatch(WeightFiles::isFrozen);
        parts.forEach((name, part) -> {
            boolean replaces = builds && TRAINED_FILES.contains(name);
            metadata.putAll(part.metadata());
            part.entries().forEach((tensor, entry) -> {
                entries.put(tensor, entry);
                if (replaces) {
                    replacing.add(tensor);
                }
                if (byTensor.put(tensor, part) != null && !replaces) {
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
        if (!Files.isRegularFile(whole) && AdapterConfig.isIn(directory)) {
            return directory.resolve(ADAPTER_FILE);
        }
        return Files.isRegularFile(whole) || !Files.isRegularFile(index) ? whole : index;
    }

    /** The file that the weights of the encoder of an adapter begin with. */
    private static Path adapted(Path directory) {
        Path base = in(AdapterConfig.read(directory).base());
        if (base.endsWith(ADAPTER_FILE)) {
            throw new UnusableCheckpointException(
                    directory.resolve(AdapterConfig.FILE_NAME)
                            + ": base_model_name_or_path must be an encoder, got another adapter. Merge that into its encoder first.");
        }
        return base;
    }

    private static List<Path> ofAdapter(Path adapter) {
        Path tokenHead = adapter.resolveSibling(TOKEN_HEAD_FILE);
        return Files.isRegularFile(tokenHead) ? List.of(adapter, tokenHead) : List.of(adapter);
    }

    /** The files that hold the weights of a directory, in a fixed order; none if there are none. */
    static List<Path> of(Path directory) {
        Path first = in(directory);
        if (first.endsWith(ADAPTER_FILE) && Files.isRegularFile(first)) {
            List<Path> files = new ArrayList<>(of(AdapterConfig.read(directory).base()));
            files.addAll(ofAdapter(first));
            return files;
        }
        if (first.endsWith(INDEX_FILE)) {
            return new TreeSet<>(weightMap(first).values())
                    .stream().map(name -> beside(first, name)).toList();
        }
        return Files.isRegularFile(first) ? List.of(first) : List.of();
    }

    /** Opens a file, or the parts that it lists, or those of an adapter and its encoder, and reads the headers. */
    static WeightFiles open(Path path) throws IOException {
        Map<String, SafetensorsFile> parts = new LinkedHashMap<>();
        try (OpenedSoFar opened = new OpenedSoFar()) {
            if (path.endsWith(ADAPTER_FILE)) {
                open(adapted(directoryOf(path)), parts, opened);
                for (Path file : ofAdapter(path)) {
                    parts.put(file.getFileName().toString(), opened.add(SafetensorsFile.open(file)));
                }
            } else {
                open(path, parts, opened);
            }
            WeightFiles files = new WeightFiles(path, parts);
            if (path.endsWith(INDEX_FILE)) {
                files.requireListed(weightMap(path));
            }
            opened.keep();
            return files;
        }
    }

    private static Path directoryOf(Path file) {
        return requireNonNull(file.toAbsolutePath().getParent(), "a file is in a directory");
    }

    private static void open(Path path, Map<String, SafetensorsFile> parts, OpenedSoFar opened) throws IOException {
        if (!path.endsWith(INDEX_FILE)) {
            parts.put("", opened.add(SafetensorsFile.open(path)));
            return;
        }
        for (String name : new TreeSet<>(weightMap(path).values())) {
            parts.put(name, opened.add(SafetensorsFile.open(beside(path, name))));
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

    /** A part lies beside its list, whatever the list says; frozen weights lie in a directory beside that of the list. */
    private static Path beside(Path index, String name) {
        Optional<Path> frozen = frozen(directoryOf(index), name);
        if (frozen.isPresent()) {
            return frozen.get();
        }
        Path part = index.resolveSibling(Path.of(name).getFileName());
        if (!part.getFileName().toString().equals(name) || !Files.isRegularFile(part)) {
            throw new UnusableCheckpointException(index + ": the part " + LogSafe.line(name, MAX_NAME_CHARS)
                    + " must lie beside it, but is not there. Copy all parts of the checkpoint.");
        }
        return part;
    }

    private static Optional<Path> frozen(Path directory, String name) {
        int slash = name.lastIndexOf('/');
        String hash = slash < 0 ? "" : FrozenWeights.hashIn(Path.of(name.substring(0, slash)));
        if (hash.isEmpty() || !name.equals(frozenName(hash))) {
            return Optional.empty();
        }
        FrozenWeights named = new FrozenWeights(hash, 0);
        Path file = named.beside(directory).resolve(FrozenWeights.WEIGHTS);
        if (!Files.isRegularFile(file)) {
            throw new UnusableCheckpointException(directory + " holds only what was trained, and needs " + file
                    + ", which is not there. Copy " + named.directoryName() + " together with it.");
        }
        return Optional.of(file);
    }

    /** Checks the frozen weights that a directory's weights build on against the hash in their name. */
    static void requireFrozen(Path directory) {
        for (Path file : of(directory)) {
            Path holder = directoryOf(file);
            String hash = FrozenWeights.hashIn(holder);
            if (!hash.isEmpty() && !holder.equals(directory.toAbsolutePath().normalize())) {
                new FrozenWeights(hash, 0).verify(directory, file);
            }
        }
    }

    private static boolean isFrozen(String part) {
        return part.startsWith("../");
    }

    /** How a list names the file of frozen weights. */
    static String frozenName(String sha256) {
        return "../" + new FrozenWeights(sha256, 0).directoryName() + "/" + FrozenWeights.WEIGHTS;
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

    /** Whether a tensor is an adapter's, and replaces the encoder's. */
    boolean replaces(String name) {
        return replacing.contains(name);
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
