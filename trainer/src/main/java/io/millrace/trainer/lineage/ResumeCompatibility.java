package io.millrace.trainer.lineage;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Tuning;
import io.millrace.encoder.config.OutputHead;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.Sha256;
import io.millrace.trainer.config.TrainedTask;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Checks a configuration against the checkpoint to resume from. */
final class ResumeCompatibility {

    private static final String TOKENIZER = "tokenizer.json";

    private ResumeCompatibility() {}

    /** Hash of the weights that the configuration starts from, of several parts that of their hashes; null if no file exists any more. */
    static @Nullable String encoderSha256(TrainedTask task) {
        List<Path> parts = EncoderCheckpoint.weightFiles(task.training().encoder());
        if (parts.size() <= 1) {
            return parts.isEmpty() ? null : sha256(parts.get(0));
        }
        return Sha256.of(
                parts.stream().map(part -> String.valueOf(sha256(part))).collect(Collectors.joining(" ")));
    }

    /**
     * Refuses a configuration that contradicts the checkpoint.
     *
     * @throws IllegalStateException if it does; the message names the key
     */
    static void require(TrainedTask task, Path directory, CheckpointManifest manifest) {
        requireTuning(task, directory);
        requireLabels(task.task(), directory);
        String recorded = manifest.lineage().encoderSha256();
        String configured = encoderSha256(task);
        if (recorded != null && configured != null && !recorded.equals(configured)) {
            throw contradiction(
                    task.task(),
                    "training.encoder must hold the weights that " + directory + " was trained from, with SHA-256 "
                            + recorded + ", got " + configured + ". Restore the encoder");
        }
        String tokenizer = sha256(EncoderCheckpoint.fileOf(task.training().encoder(), TOKENIZER));
        if (tokenizer != null && !tokenizer.equals(sha256(directory.resolve(TOKENIZER)))) {
            throw contradiction(
                    task.task(),
                    "training.encoder must have the tokenizer that " + directory + " was trained with, got another "
                            + TOKENIZER + ". Restore the tokenizer");
        }
    }

    private static void requireTuning(TrainedTask task, Path directory) {
        Tuning stored = Tuning.read(directory);
        Tuning configured = task.training().tuning();
        if (!stored.isContinuedBy(configured)) {
            throw contradiction(
                    task.task(),
                    "training.tuning must be that of " + directory + ", which is " + stored.shown() + ", got "
                            + configured.shown()
                            + ". Restore it; or give the task's published model as training.encoder to a task of another name, which"
                            + " may tune it in any way");
        }
    }

    private static void requireLabels(Task task, Path directory) {
        OutputHead head = EncoderCheckpoint.read(directory).head().orElseThrow();
        boolean regression = head.kind() == OutputHead.Kind.SCORE;
        if (regression != task.kind().isRegression()) {
            throw contradiction(
                    task,
                    "kind must be that of " + directory + ", which is a " + (regression ? "regression" : "classifier")
                            + ". Restore the kind");
        }
        if (!isContinued(task, head.labels())) {
            throw contradiction(
                    task,
                    "labels must be those of " + directory + ", which has "
                            + head.labels().size() + " labels, got "
                            + task.labels().size()
                            + " or another order. Restore the labels");
        }
    }

    /** Whether a model with {@code labels} is one of the task; where labels may grow, it may have more. */
    private static boolean isContinued(Task task, List<String> labels) {
        return task.newLabels() == NewLabels.GROW
                ? labels.size() >= task.labels().size()
                        && labels.subList(0, task.labels().size()).equals(task.labels())
                : labels.equals(task.labels());
    }

    private static IllegalStateException contradiction(Task task, String what) {
        return new IllegalStateException("tasks." + task.name() + "." + what + ", or start a task of another name.");
    }

    private static @Nullable String sha256(Path file) {
        try {
            return Files.isRegularFile(file) ? Sha256.of(file) : null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
