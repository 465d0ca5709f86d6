package io.millrace.schemas.follow;

import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.store.StorePaths;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The models in a store, taken only if they are what was published. */
final class PublishedFiles {

    private static final String WEIGHTS = "model.safetensors";

    private final Path store;

    PublishedFiles(Path store) {
        this.store = store;
    }

    /** A model cannot be had, for good. */
    static final class UnusableModelException extends Exception {

        private static final long serialVersionUID = 1;

        UnusableModelException(String message) {
            super(message);
        }

        UnusableModelException(String message, Exception cause) {
            super(message, cause);
        }
    }

    /**
     * The verified model of a verdict.
     *
     * @throws UnusableModelException if it is gone, has other weights, or is outside of the store
     * @throws IOException if the store cannot be read, which says nothing about the model
     */
    VerifiedModel verify(ModelUpdate update) throws UnusableModelException, IOException {
        PublishedModel model = update.model();
        if (!Files.isDirectory(store)) {
            throw new NoSuchFileException(store + " is not there: is the store mounted, and is its path right?");
        }
        Path directory = resolve(String.valueOf(model.location()));
        // The file is resolved as well: it must not be a link out of the store.
        Path weights = resolve(model.location() + "/" + WEIGHTS);
        String actual;
        try {
            actual = Sha256.of(weights);
        } catch (NoSuchFileException e) {
            throw new UnusableModelException(weights + " is gone: another model has become the current one");
        }
        if (!actual.equals(model.sha256())) {
            throw new UnusableModelException(weights + " is not what was published: expected the SHA-256 "
                    + LogSafe.quoted(String.valueOf(model.sha256())) + ", got " + actual);
        }
        return new VerifiedModel(update, directory);
    }

    private Path resolve(String location) throws UnusableModelException {
        try {
            return StorePaths.resolve(store, location);
        } catch (IllegalArgumentException e) {
            throw new UnusableModelException(String.valueOf(e.getMessage()));
        }
    }
}
