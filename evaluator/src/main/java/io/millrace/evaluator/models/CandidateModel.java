package io.millrace.evaluator.models;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.FreshExample;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.Sha256;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The verified model files of one checkpoint, in a directory of their own that nobody else deletes, so that the scored
 * files are the published ones. Closing it removes the directory unless it was published.
 */
public final class CandidateModel implements AutoCloseable {

    private final CheckpointReference checkpoint;
    private final Path directory;
    private final Path target;
    private final Map<String, FileHash> files;
    private final List<FreshExample> fresh;

    CandidateModel(
            CheckpointReference checkpoint,
            Path directory,
            Path target,
            Map<String, FileHash> files,
            List<FreshExample> fresh) {
        this.checkpoint = checkpoint;
        this.directory = directory;
        this.target = target;
        this.files = Map.copyOf(files);
        this.fresh = List.copyOf(fresh);
    }

    /** A Hugging Face directory. */
    public Path directory() {
        return directory;
    }

    /** The examples on which the models in training were tested since the parent, oldest first. */
    public List<FreshExample> fresh() {
        return fresh;
    }

    /**
     * Renames the directory to the place where consumers look for it. Nothing happens if the same files are already there,
     * as after a crash between publishing and announcing. Readers see the whole model or none.
     */
    public PublishedModel publish() {
        try {
            if (!isPublished()) {
                if (Files.exists(target)) {
                    ModelDirectories.delete(target);
                }
                FileLinks.force(directory);
                Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
                FileLinks.force(Objects.requireNonNull(target.getParent(), "a model is in a directory of models"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot publish " + target + ": " + e.getMessage(), e);
        }
        return new PublishedModel(
                checkpoint,
                ModelStore.location(checkpoint),
                Objects.requireNonNull(files.get(ModelStore.WEIGHTS), "every model has weights")
                        .sha256());
    }

    private boolean isPublished() throws IOException {
        for (Map.Entry<String, FileHash> file : files.entrySet()) {
            Path published = target.resolve(file.getKey());
            if (!Files.isRegularFile(published)
                    || !Sha256.of(published).equals(file.getValue().sha256())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            if (Files.exists(directory)) {
                ModelDirectories.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory + ": " + e.getMessage(), e);
        }
    }
}
