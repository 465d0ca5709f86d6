package io.millrace.trainer.pretrain;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.MaskedTokenScore;
import io.millrace.encoder.MaskedTokenScore.HeldOut;
import io.millrace.encoder.MaskedTokenScore.Measurement;
import io.millrace.schemas.store.Sha256;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.MaskedTokenAnswers;
import io.millrace.trainer.learner.TextPhase;
import io.millrace.trainer.learner.TokenHeadTest;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Measures the masked-token head of a pre-training on its held-out texts, and writes the numbers into its checkpoints. */
final class HeadMeasurements {

    /** With fewer, the number would be off by more than 10 of 100 now and then. */
    private static final int FEWEST_MASKED = 100;

    /** A token of a shorter text is masked with too little left to tell it from. */
    private static final double FEWEST_TOKENS = 3;

    private final List<String> texts;
    private final boolean freshHead;
    private final List<Measurement> measured;
    private @Nullable HeldOut heldOut;

    /**
     * Measurements that follow others.
     *
     * @param texts the held-out texts
     * @param freshHead whether the head had never been trained; for the first measurements
     * @param before the measurements of the checkpoint that is continued, if it has any
     */
    HeadMeasurements(List<String> texts, boolean freshHead, Optional<MaskedTokenScore> before) {
        this.texts = texts;
        this.freshHead = before.map(MaskedTokenScore::freshHead).orElse(freshHead);
        this.measured =
                new ArrayList<>(before.map(MaskedTokenScore::measurements).orElse(List.of()));
        this.heldOut = before.map(MaskedTokenScore::heldOut).orElse(null);
    }

    /** Whether nothing was measured yet. */
    boolean isEmpty() {
        return measured.isEmpty();
    }

    /**
     * Measures.
     *
     * @param epoch epochs of the phase done
     * @throws IllegalArgumentException if the held-out texts are too few or too short to say anything
     */
    Measurement add(Learner learner, TextPhase phase, int epoch) {
        MaskedTokenAnswers answers = TokenHeadTest.of(learner, texts);
        requireEnough(answers);
        heldOut = new HeldOut(texts.size(), answers.masked(), answers.of100(answers.mostFrequent()));
        Measurement measurement = new Measurement(
                phase.wireName(), epoch, learner.step(), answers.of100(answers.right()), answers.loss());
        measured.add(measurement);
        return measurement;
    }

    private void requireEnough(MaskedTokenAnswers answers) {
        double perText = answers.maskable() / (double) Math.max(1, texts.size());
        if (perText < FEWEST_TOKENS) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the texts are too short: the %,d that are held out have %.1f tokens on average, expected at least %.0f. A masked"
                            + " word needs words around it. Join short texts, or raise batching.maxTokens.",
                    texts.size(),
                    perText,
                    FEWEST_TOKENS));
        }
        if (answers.masked() < FEWEST_MASKED) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the %,d texts that are held out have %,d tokens to mask, expected at least %d: fewer do not tell how good the head"
                            + " is. Give more texts, or hold out a larger share.",
                    texts.size(),
                    answers.masked(),
                    FEWEST_MASKED));
        }
    }

    /**
     * Writes the measurements into a checkpoint.
     *
     * @param newest whether the last of them is of the weights in {@code checkpoint}
     */
    void write(Path checkpoint, boolean newest) throws IOException {
        if (heldOut == null) {
            throw new IllegalStateException("a checkpoint is written before the first measurement");
        }
        String weights = newest ? Sha256.of(checkpoint.resolve(EncoderCheckpoint.WEIGHTS_FILE)) : null;
        new MaskedTokenScore(freshHead, heldOut, measured, weights).write(checkpoint);
    }
}
