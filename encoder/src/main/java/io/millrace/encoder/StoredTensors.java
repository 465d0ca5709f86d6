package io.millrace.encoder;

import io.millrace.encoder.config.Architecture;
import io.millrace.encoder.safetensors.SafetensorsFile;
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

/**
 * The header of a weights file, its tensors under the names that Hugging Face gives them today.
 *
 * @param path the file
 * @param tensors the tensors by those names
 * @param sharedNames by a name that was left out of the file, the name under which the same tensor is stored
 */
record StoredTensors(Path path, Map<String, Stored> tensors, Map<String, String> sharedNames) {

    private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.");

    /**
     * One tensor.
     *
     * @param name its name in the file
     * @param entry its header entry
     */
    record Stored(String name, TensorEntry entry) {}

    /** Reads the header alone. */
    static StoredTensors read(Architecture architecture, Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return of(architecture, path, file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    static StoredTensors of(Architecture architecture, Path path, SafetensorsFile file) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String stored : file.entries().keySet()) {
            String other = names.put(canonical(architecture, stored), stored);
            if (other != null) {
                throw new UnusableCheckpointException(path + " must hold each weight once, got " + other + " and "
                        + stored + " for one weight. Save the checkpoint again.");
            }
        }
        Map<String, String> shared = new LinkedHashMap<>();
        file.metadata().forEach((left, kept) -> {
            shared.put(canonical(architecture, left), kept);
            if (file.entries().containsKey(kept)) {
                names.putIfAbsent(canonical(architecture, left), kept);
            }
        });
        Map<String, Stored> tensors = new LinkedHashMap<>();
        names.forEach((name, stored) -> tensors.put(name, new Stored(stored, file.entry(stored))));
        return new StoredTensors(path, tensors, shared);
    }

    /** Old files use gamma and beta; files without a head lack the prefix; training wrappers add a prefix of their own. */
    private static String canonical(Architecture architecture, String stored) {
        String name = unwrapped(stored)
                .replace("LayerNorm.gamma", "LayerNorm.weight")
                .replace("LayerNorm.beta", "LayerNorm.bias");
        boolean bare = name.startsWith("embeddings.")
                || name.startsWith("encoder.layer.")
                || name.startsWith("transformer.layer.")
                || name.startsWith("pooler.");
        return bare ? architecture.prefix() + name : name;
    }

    private static String unwrapped(String stored) {
        for (String wrapper : WRAPPERS) {
            if (stored.startsWith(wrapper)) {
                return unwrapped(stored.substring(wrapper.length()));
            }
        }
        return stored;
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
    String stored(String name, long... expected) {
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
            throw new UnusableCheckpointException(path.getFileName() + " lacks the weight " + name + "." + shared
                    + " Are config.json's model_type and sizes those of this checkpoint?");
        }
        return tensor;
    }
}
