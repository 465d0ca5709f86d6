package io.millrace.app.doctor;

import io.millrace.app.config.MillraceConfig;
import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.TextEncoder;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.trainer.config.TrainedTask;

import java.util.ArrayList;
import java.util.List;

/** The encoder that each task starts from, and the devices that the tasks are to run on. */
final class EncoderChecks {

    private EncoderChecks() {}

    static List<Finding> run(MillraceConfig config) {
        List<Finding> findings = new ArrayList<>();
        config.trainedTasks().forEach(task -> findings.add(encoder(task)));
        for (TrainedTask task : config.trainedTasks()) {
            addDevice(task.task().name() + ".training", task.training().compute(), findings);
        }
        for (EvaluatedTask task : config.evaluatedTasks()) {
            addDevice(task.task().name() + ".evaluation", task.evaluation().compute(), findings);
        }
        return findings;
    }

    private static Finding encoder(TrainedTask task) {
        String subject = "encoder of task " + task.task().name();
        try {
            EncoderCheckpoint checkpoint =
                    EncoderCheckpoint.read(task.training().encoder());
            if (task.training().usesMaskedTokens()) {
                checkpoint.requireTokenHead("training." + task.training().maskedTokensKey());
            }
            checkpoint.requireTuning(task.training().tuning());
            int wanted = task.training().batching().maxTokens();
            return wanted <= checkpoint.maxTokens()
                    ? Finding.ok(
                            subject,
                            task.training().encoder() + ", at most " + checkpoint.maxTokens() + " tokens per example")
                    : Finding.fail(
                            subject,
                            "tasks." + task.task().name() + ".training.batching.maxTokens must be at most the "
                                    + checkpoint.maxTokens() + " positions of the encoder, got " + wanted);
        } catch (RuntimeException e) {
            return Finding.fail(subject, "tasks." + task.task().name() + ".training.encoder cannot be used", e);
        }
    }

    /** Says nothing of a device that is there: it is a GPU of the line above, or the CPU. */
    private static void addDevice(String section, Compute compute, List<Finding> findings) {
        try {
            TextEncoder.requireDevice(compute);
        } catch (LinkageError | RuntimeException e) {
            findings.add(Finding.fail("device", "tasks." + section + "." + Finding.reasons(e)));
        }
    }
}
