package io.millrace.evaluator.models;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.FreshExample;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.store.FreshExamples;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.store.StorePaths;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The models of the store: {@code <task>/models/<checkpoint id>/} holds the Hugging Face files of a promoted checkpoint
 * and nothing else. They are hard links: they take no space while the checkpoint exists, and stay when the trainer deletes
 * it. Of a checkpoint that holds only what was trained, they are written as a whole model. Only the evaluator writes below {@code models}.
 */
public final class ModelStore {

    static final String WEIGHTS = "model.safetensors";

    private static final List<String> REQUIRED = List.of("config.json", WEIGHTS, "tokenizer.json");
    private static final List<String> OPTIONAL = List.of("tokenizer_config.json");

    /** Work in progress older than this was left by a dead process: no evaluation takes a day. */
    private static final Duration LEFTOVER_AGE = Duration.ofDays(1);

    private final Path root;
    private final FileLinks links;

    /** The models of the store at {@code root}. */
    public ModelStore(Path root) {
        this(root, Files::createLink);
    }

    ModelStore(Path root, FileLinks.Link link) {
        this.root = root;
        this.links = new FileLinks(link);
    }

    /** The location of a published model, relative to the store's root. */
    static String location(CheckpointReference checkpoint) {
        return models(checkpoint.task()) + "/" + checkpoint.id();
    }

    /**
     * Verifies a checkpoint and links its model files into a directory of their own; what was trained alone is merged with the frozen
     * weights, which are verified too.
     *
     * @throws CorruptCheckpointException if it is incomplete, not the announced one, or not a model
     * @throws GoneCheckpointException if it does not exist, or is deleted while it is read
     * @throws UncheckedIOException if the disk fails, which says nothing about the checkpoint
     */
    public CandidateModel stage(CheckpointReference checkpoint) {
        Path source = resolve(checkpoint.location());
        try {
            return stage(checkpoint, source);
        } catch (CorruptCheckpointException e) {
            if (Files.exists(source.resolve(CheckpointManifest.FILE_NAME))) {
                throw e;
            }
            if (!Files.isDirectory(root)) {
                throw new UncheckedIOException(
                        new NoSuchFileException(root + " is not there: is the store mounted, and is store right?"));
            }
            // The trainer deletes file by file: an incomplete checkpoint may be one that is being deleted.
            throw new GoneCheckpointException(checkpoint.location() + " is not in the store any more", e);
        }
    }

    private CandidateModel stage(CheckpointReference checkpoint, Path source) {
        Path target = StorePaths.resolve(root, location(checkpoint));
        try {
            CheckpointManifest manifest = CheckpointManifest.readVerified(source, checkpoint);
            boolean isPart = manifest.files().containsKey(FrozenWeights.FILE_NAME);
            Map<String, FileHash> linked = isPart ? Map.of() : modelFiles(source, manifest);
            List<FreshExample> fresh =
                    manifest.files().containsKey(FreshExamples.FILE_NAME) ? FreshExamples.read(source) : List.of();
            Path directory = ModelDirectories.unused(target, "candidate");
            Files.createDirectories(directory);
            try {
                for (String name : linked.keySet()) {
                    links.put(source.resolve(name), directory.resolve(name));
                }
                Map<String, FileHash> files = isPart ? WholeModel.write(source, directory) : linked;
                return new CandidateModel(checkpoint, directory, target, files, fresh);
            } catch (IOException | RuntimeException e) {
                ModelDirectories.delete(directory);
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new CorruptCheckpointException(e.getFile() + " was deleted while it was read.", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stage " + target + ": " + e.getMessage(), e);
        }
    }

    /**
     * The directory of a published model.
     *
     * @throws CorruptCheckpointException if its weights are missing or not the published ones
     * @throws UncheckedIOException if the disk fails, which says nothing about the model
     */
    public Path locate(PublishedModel model) {
        if (model.location() == null) {
            throw new CorruptCheckpointException(model.checkpoint().id() + " was not published.");
        }
        Path directory = resolve(model.location());
        Path weights = directory.resolve(WEIGHTS);
        try {
            if (!Sha256.of(weights).equals(model.sha256())) {
                throw new CorruptCheckpointException(weights + " is not what was published: its SHA-256 differs.");
            }
        } catch (NoSuchFileException e) {
            throw new CorruptCheckpointException(weights + " is not there any more.", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + weights + ": " + e, e);
        }
        return directory;
    }

    /**
     * Deletes the models of these checkpoints, and the leftovers of dead processes. Anything else stays: another evaluator may
     * have promoted an unknown model a moment ago.
     */
    public void delete(String task, Collection<String> checkpointIds) {
        Path models = StorePaths.resolve(root, models(task));
        Instant leftoversBefore = Instant.now().minus(LEFTOVER_AGE);
        try {
            for (Path directory : ModelDirectories.list(models)) {
                boolean superfluous = ModelDirectories.isHidden(directory)
                        ? isOlder(directory, leftoversBefore)
                        : checkpointIds.contains(directory.getFileName().toString());
                if (superfluous) {
                    deleteIfThere(directory);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete old models below " + models + ": " + e.getMessage(), e);
        }
    }

    private static boolean isOlder(Path directory, Instant moment) throws IOException {
        try {
            return Files.getLastModifiedTime(directory).toInstant().isBefore(moment);
        } catch (NoSuchFileException e) {
            // Another evaluator has published or abandoned this candidate meanwhile.
            return false;
        }
    }

    private static void deleteIfThere(Path directory) throws IOException {
        try {
            ModelDirectories.delete(directory);
        } catch (NoSuchFileException e) {
            // Another evaluator was faster.
        }
    }

    private static String models(String task) {
        return task + "/models";
    }

    private Path resolve(String location) {
        try {
            return StorePaths.resolve(root, location);
        } catch (IllegalArgumentException e) {
            throw new CorruptCheckpointException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Map<String, FileHash> modelFiles(Path directory, CheckpointManifest manifest) {
        Map<String, FileHash> files = new TreeMap<>();
        for (String name : REQUIRED) {
            FileHash hash = manifest.files().get(name);
            if (hash == null) {
                throw new CorruptCheckpointException(directory + " is no model: its manifest lists no " + name + ".");
            }
            files.put(name, hash);
        }
        for (String name : OPTIONAL) {
            if (manifest.files().containsKey(name)) {
                files.put(name, manifest.files().get(name));
            }
        }
        return files;
    }
}
