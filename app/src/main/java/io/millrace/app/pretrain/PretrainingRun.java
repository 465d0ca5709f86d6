package io.millrace.app.pretrain;

import io.millrace.app.console.ProgressPrinter;
import io.millrace.trainer.pretrain.Pretraining;
import io.millrace.trainer.pretrain.PretrainingProgress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Runs a pre-training with a progress bar, and leaves its encoder as a Hugging Face directory. */
public final class PretrainingRun {

    /** The files of a checkpoint that make up the encoder; the others are for resuming. */
    private static final List<String> ENCODER_FILES =
            List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");

    private static final int BAR_WIDTH = 30;
    private static final double SMOOTHING = 0.98;

    private final ProgressPrinter printer;
    private final long startNanos = System.nanoTime();
    private double smoothLoss = Double.NaN;
    private long stepsHere;

    /** A run that reports to {@code printer}. */
    public PretrainingRun(ProgressPrinter printer) {
        this.printer = printer;
    }

    /** Pre-trains, and puts the encoder into {@code encoder}, which must not exist yet. */
    public void run(Pretraining pretraining, Path encoder) throws IOException {
        Path checkpoint = pretraining.run(this::show);
        printer.endProgress();
        Path partial = encoder.resolveSibling("." + encoder.getFileName() + ".partial");
        Files.createDirectories(partial);
        for (String file : ENCODER_FILES) {
            Files.copy(checkpoint.resolve(file), partial.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(partial, encoder, StandardCopyOption.ATOMIC_MOVE);
        printer.line("The encoder is in " + encoder + "; give it to a task as training.encoder.");
    }

    private void show(PretrainingProgress progress) {
        stepsHere++;
        smoothLoss =
                Double.isNaN(smoothLoss) ? progress.loss() : SMOOTHING * smoothLoss + (1 - SMOOTHING) * progress.loss();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Duration left = Duration.ofSeconds(Math.round(seconds / stepsHere * (progress.steps() - progress.step())));
        int filled = Math.toIntExact(BAR_WIDTH * progress.step() / progress.steps());
        printer.progress(String.format(
                Locale.ROOT,
                "[%s%s] step %,d of %,d  loss %.3f  %.0f texts/s  %d:%02d left",
                "#".repeat(filled),
                ".".repeat(BAR_WIDTH - filled),
                progress.step(),
                progress.steps(),
                smoothLoss,
                progress.texts() / seconds,
                left.toMinutes(),
                left.toSecondsPart()));
    }
}
