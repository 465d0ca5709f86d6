package io.millrace.encoder;

import static java.util.Objects.requireNonNull;

import io.millrace.encoder.config.Architecture;
import io.millrace.encoder.config.WeightNames;
import io.millrace.encoder.safetensors.TensorEntry;
import io.millrace.encoder.safetensors.TensorType;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The header of a checkpoint's weights, its tensors under the names that Hugging Face gives them today.
 *
 * @param path the file
 * @param tensors the tensors by those names
 * @param sharedNames by a name that was left out of the file, the name under which the same tensor is stored
 */
record StoredTensors(Path path, Map<String, Stored> tensors, Map<String, String> sharedNames) {

    private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.", "base_model.model.");

    /**
     * One tensor.
     *
     * @param name its name in the file
     * @param entry its header entry
     * @param replaces whether it comes from a file of what was trained, beside frozen weights
     */
    record Stored(String name, TensorEntry entry, boolean replaces) {}

    /** Reads the header alone, and compares what it holds twice. */
    static StoredTensors read(Architecture architecture, Path path) {
        try (WeightFiles files = WeightFiles.open(path)) {
            StoredTensors tensors = of(architecture, path, files);
            for (Map.Entry<String, String> tie : ties(architecture).entrySet()) {
                tensors.requireTied(files, tie.getKey(), tie.getValue());
            }
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    static StoredTensors of(Architecture architecture, Path path, WeightFiles files) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String stored : files.entries().keySet()) {
            String other = names.put(canonical(architecture, stored), stored);
            if (other != null && files.replaces(other) && !files.replaces(stored)) {
                names.put(canonical(architecture, stored), other);
            } else if (other != null && files.replaces(other) == files.replaces(stored)) {
                throw new UnusableCheckpointException(path + " must hold each weight once, got " + other + " and "
                        + stored + " for one weight. Save the checkpoint again.");
            }
        }
        Map<String, String> shared = new LinkedHashMap<>();
        files.metadata().forEach((left, kept) -> {
            shared.put(canonical(architecture, left), kept);
            if (files.entries().containsKey(kept)) {
                names.putIfAbsent(canonical(architecture, left), kept);
            }
        });
        Map<String, Stored> tensors = new LinkedHashMap<>();
        names.forEach((name, stored) -> tensors.put(
                name, new Stored(stored, requireNonNull(files.entries().get(stored)), files.replaces(stored))));
        ties(architecture).forEach((other, name) -> {
            Stored kept = tensors.get(other);
            if (kept != null) {
                tensors.putIfAbsent(name, kept);
            }
        });
        return new StoredTensors(path, tensors, shared);
    }

    /** By the second name of a weight that the family ties to another, the first. A file may hold it under either. */
    private static Map<String, String> ties(Architecture architecture) {
        List<String> head = architecture.names().tokenHead();
        if (head.isEmpty()) {
            return Map.of();
        }
        Map<String, String> ties = new LinkedHashMap<>();
        ties.put(head.get(2) + ".weight", architecture.names().embeddings().get(0) + ".weight");
        if (!head.get(2).equals(head.get(3))) {
            ties.put(head.get(2) + ".bias", head.get(3) + ".bias");
        }
        return ties;
    }

    private void requireTied(WeightFiles files, String other, String name) throws IOException {
        Stored one = tensors.get(name);
        Stored two = tensors.get(other);
        if (one != null && two != null && !one.name().equals(two.name()) && !files.same(one.name(), two.name())) {
            throw new UnusableCheckpointException(path.getFileName() + ": " + two.name() + " must hold the values of "
                    + one.name() + ", got others: a masked-token head with a decoder of its own is not supported. Use a"
                    + " checkpoint that ties the decoder to the word embedding.");
        }
    }

    /** Old files use gamma and beta; files without a head lack the prefix; training wrappers add a prefix of their own. */
    private static String canonical(Architecture architecture, String stored) {
        String name = unwrapped(stored)
                .replace("LayerNorm.gamma", "LayerNorm.weight")
                .replace("LayerNorm.beta", "LayerNorm.bias");
        WeightNames names = architecture.names();
        boolean bare = Stream.of(names.embeddings().stream(), names.head().stream(), Stream.of(names.layers()))
                .flatMap(stems -> stems)
                .filter(stem -> stem.startsWith(names.prefix()))
                .anyMatch(stem -> name.startsWith(stem.substring(names.prefix().length())));
        return bare ? names.prefix() + name : name;
    }

    private static String unwrapped(String stored) {
        for (String wrapper : WRAPPERS) {
            if (stored.startsWith(wrapper)) {
                return unwrapped(stored.substring(wrapper.length()));
            }
        }
        return stored;
    }

    /** Whether a weight was trained beside others that are frozen. */
    boolean wasTrained(String name) {
        Stored stored = tensors.get(name);
        return stored != null && stored.replaces();
    }

    boolean hold(List<String> names) {
        return tensors.keySet().containsAll(names);
    }

    /** Rows of a weight that is there; 0 if it is a single number. */
    int rows(String name) {
        long[] shape = tensor(name).entry().shape();
        return shape.length == 0 ? 0 : (int) Math.min(shape[0], Integer.MAX_VALUE);
    }

    /** The file's name of a weight that must exist with this shape. */
    String stored(Slot slot) {
        String name = slot.name();
        long[] expected = slot.shape();
        Stored found = tensor(name);
        TensorEntry tensor = found.entry();
        if (!Arrays.equals(tensor.shape(), expected)) {
            throw new UnusableCheckpointException(path.getFileName() + ": weight " + name + " must have shape "
                    + Arrays.toString(expected) + ", got " + Arrays.toString(tensor.shape())
                    + ". config.json and the weights are not of one checkpoint.");
        }
        if (tensor.type() == TensorType.I64) {
            throw new UnusableCheckpointException(path.getFileName() + ": weight " + name
                    + " must be in F32, F16 or BF16, got I64. Save the checkpoint in one of these.");
        }
        return found.name();
    }

    private Stored tensor(String name) {
        Stored tensor = tensors.get(name);
        if (tensor == null) {
            String shared = sharedNames.containsKey(name)
                    ? " Its __metadata__ says that " + sharedNames.get(name)
                            + " is the same tensor, but that is not there either."
                    : "";
            throw new UnusableCheckpointException(path.getFileName() + " lacks the weight " + name
                    + ", which it must hold according to config.json." + shared
                    + " Are config.json's model_type and sizes those of this checkpoint?");
        }
        return tensor;
    }
}
