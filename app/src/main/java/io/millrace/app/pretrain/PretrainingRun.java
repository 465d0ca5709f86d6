package io.millrace.app.pretrain;

import io.millrace.app.console.ProgressPrinter;
import io.millrace.encoder.MaskedTokenScore;
import io.millrace.encoder.MaskedTokenScore.Measurement;
import io.millrace.trainer.learner.TextPhase;
import io.millrace.trainer.pretrain.Pretraining;
import io.millrace.trainer.pretrain.PretrainingListener;
import io.millrace.trainer.pretrain.PretrainingProgress;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Runs a pre-training with a progress bar, and leaves its encoder as a Hugging Face directory. */
public final class PretrainingRun implements PretrainingListener {

    /** The files of a checkpoint that make up the encoder; the others are for resuming. */
    private static final List<String> ENCODER_FILES = List.of(
            "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", MaskedTokenScore.FILE_NAME);

    private static final int BAR_WIDTH = 30;
    private static final double SMOOTHING = 0.98;

    private final ProgressPrinter printer;
    private long startNanos;
    private @Nullable TextPhase phase;
    private double smoothLoss;
    private long stepsHere;
    private long textsBefore;

    /** A run that reports to {@code printer}. */
    public PretrainingRun(ProgressPrinter printer) {
        this.printer = printer;
    }

    /** Pre-trains, and puts the encoder into {@code encoder}, which must not exist yet. */
    public void run(Pretraining pretraining, Path encoder) throws IOException {
        Path checkpoint = pretraining.run(this);
        printer.endProgress();
        Path partial = encoder.resolveSibling("." + encoder.getFileName() + ".partial");
        Files.createDirectories(partial);
        for (String file : ENCODER_FILES) {
            Files.copy(checkpoint.resolve(file), partial.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(partial, encoder, StandardCopyOption.ATOMIC_MOVE);
        MaskedTokenScore.read(encoder).ifPresent(score -> printer.line(summary(score)));
        printer.line("The encoder is in " + encoder + "; give it to a task as training.encoder.");
    }

    private static String summary(MaskedTokenScore score) {
        return String.format(
                Locale.ROOT,
                "The masked-token head gets %.1f of 100 masked tokens right, %.1f before (%,d masked tokens of %,d held-out texts;"
                        + " always the most frequent token: %.1f).",
                score.last().rightOf100(),
                score.first().rightOf100(),
                score.heldOut().masked(),
                score.heldOut().texts(),
                score.heldOut().mostFrequentOf100());
    }

    @Override
    public void measured(Measurement measurement) {
        printer.line(String.format(
                Locale.ROOT,
                "%s, %s: %.1f of 100 masked tokens right, loss %.3f",
                measurement.phase(),
                measurement.epoch() == 0 ? "before" : "epoch " + measurement.epoch(),
                measurement.rightOf100(),
                measurement.loss()));
    }

    @Override
    public void stepped(PretrainingProgress progress) {
        if (phase != progress.phase()) {
            phase = progress.phase();
            startNanos = System.nanoTime();
            textsBefore = progress.texts();
            stepsHere = 0;
            smoothLoss = progress.loss();
            return;
        }
        stepsHere++;
        smoothLoss = SMOOTHING * smoothLoss + (1 - SMOOTHING) * progress.loss();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Duration left = Duration.ofSeconds(Math.round(seconds / stepsHere * (progress.steps() - progress.step())));
        int filled = Math.toIntExact(BAR_WIDTH * progress.step() / progress.steps());
        printer.progress(String.format(
                Locale.ROOT,
                "%s [%s%s] step %,d of %,d  loss %.3f  %.0f texts/s  %d:%02d left",
                progress.phase().wireName(),
                "#".repeat(filled),
                ".".repeat(BAR_WIDTH - filled),
                progress.step(),
                progress.steps(),
                smoothLoss,
                (progress.texts() - textsBefore) / seconds,
                left.toMinutes(),
                left.toSecondsPart()));
    }
}
