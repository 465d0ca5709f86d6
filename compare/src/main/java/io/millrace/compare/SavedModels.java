package io.millrace.compare;

import io.millrace.schemas.store.DirectoryTree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The models that runs leave behind, a Hugging Face directory each.
 *
 * @param folder the folder of the directories
 * @param wanted whether models are saved at all
 */
record SavedModels(Path folder, boolean wanted) {

    /** Whether nothing is left to save for this run. */
    boolean isDone(PlannedRun run) {
        return !wanted || Files.isDirectory(folder.resolve(run.fileName()));
    }

    void save(PlannedRun run, TrainableModel student) throws IOException {
        if (isDone(run)) {
            return;
        }
        Files.createDirectories(folder);
        Path partial = Files.createDirectory(AtomicFiles.partial(folder.resolve(run.fileName())));
        try {
            student.save(partial);
            Files.move(partial, folder.resolve(run.fileName()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            DirectoryTree.delete(partial);
        }
    }
}
