package io.millrace.compare;

import io.millrace.schemas.store.AtomicFile;
import io.millrace.schemas.store.DirectoryTree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The saved models of the runs, one Hugging Face directory per run.
 *
 * @param folder the folder of the directories
 * @param wanted whether models are saved
 */
record SavedModels(Path folder, boolean wanted) {

    /** Whether there is nothing to save for this run. */
    boolean isDone(PlannedRun run) {
        return !wanted || Files.isDirectory(folder.resolve(run.fileName()));
    }

    void save(PlannedRun run, TrainableModel model) throws IOException {
        if (isDone(run)) {
            return;
        }
        Files.createDirectories(folder);
        Path partial = Files.createDirectory(AtomicFile.temporary(folder.resolve(run.fileName())));
        try {
            model.save(partial);
            Files.move(partial, folder.resolve(run.fileName()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            DirectoryTree.delete(partial);
        }
    }
}
