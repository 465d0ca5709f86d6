package io.millrace.app.models;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.store.StorePaths;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of judged checkpoints in a store. */
public final class ModelFiles {

    /** The state of a checkpoint whose model is published. */
    static final String MODEL = "model";

    private static final String WEIGHTS = "model.safetensors";

    private final Path store;

    /** The files in the store at {@code store}. */
    public ModelFiles(Path store) {
        this.store = store;
    }

    /** Where they are looked for. */
    Path store() {
        return store;
    }

    /** What is left of a checkpoint: {@code model} if it is published, else {@code checkpoint}, else {@code gone}. */
    String stateOf(CheckpointReference checkpoint) {
        if (exists(checkpoint.task() + "/models/" + checkpoint.id() + "/" + WEIGHTS)) {
            return MODEL;
        }
        return exists(checkpoint.location() + "/" + CheckpointManifest.FILE_NAME) ? "checkpoint" : "gone";
    }

    private boolean exists(String location) {
        try {
            return Files.isRegularFile(StorePaths.resolve(store, location));
        } catch (IllegalArgumentException e) {
            // A location that leaves the store names nothing in it.
            return false;
        }
    }

    /**
     * The directory of a model, or of its checkpoint if it was not published.
     *
     * @throws IllegalArgumentException if its files are gone, or are not those that the verdict names
     */
    public Path locate(PublishedModel model) throws IOException {
        CheckpointReference checkpoint = model.checkpoint();
        Path directory = StorePaths.resolve(store, model.location() == null ? checkpoint.location() : model.location());
        Path file = directory.resolve(model.location() == null ? CheckpointManifest.FILE_NAME : WEIGHTS);
        String expected = model.location() == null ? checkpoint.sha256() : String.valueOf(model.sha256());
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("the files of " + checkpoint.id() + " are gone: expected " + file
                    + ". See: millrace models list --task " + checkpoint.task());
        }
        if (!Sha256.of(file).equals(expected)) {
            throw new IllegalArgumentException(file + " is not what the verdict on " + checkpoint.id()
                    + " names: expected the SHA-256 " + expected + ", got " + Sha256.of(file));
        }
        return directory;
    }
}
