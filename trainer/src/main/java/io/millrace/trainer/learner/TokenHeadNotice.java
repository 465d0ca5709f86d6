package io.millrace.trainer.learner;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.MaskedTokenScore;
import io.millrace.trainer.config.MaskedTokensConfig;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.MaskedTokensConfig.Masking;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a user should know of the masked-token head that a method is about to learn from.
 *
 * @param level warn if the head was never trained, or was fresh before its pre-training
 * @param text without the task's name
 */
record TokenHeadNotice(Level level, String text) {

    private static final Logger LOG = LoggerFactory.getLogger(TokenHeadNotice.class);

    static void log(TrainedTask trained, EncoderCheckpoint source) {
        of(trained.training(), source).ifPresent(notice -> LOG.atLevel(notice.level)
                .log("task {}: {}", trained.task().name(), notice.text));
    }

    /** The notice for a task that starts from {@code source}; empty if its head is not used, or nothing is known of it. */
    static Optional<TokenHeadNotice> of(TrainingConfig config, EncoderCheckpoint source) {
        if (!config.usesMaskedTokens()) {
            return Optional.empty();
        }
        if (!source.hasTrainedTokenHead()) {
            return Optional.of(new TokenHeadNotice(Level.WARN, fresh(config, source)));
        }
        return source.maskedTokenScore().map(score -> measured(config, score));
    }

    private static String fresh(TrainingConfig config, EncoderCheckpoint source) {
        return String.format(
                Locale.ROOT,
                "the masked-token head of %s is fresh and was never trained, so %s learns from guesses: its loss starts near"
                        + " ln(%d) = %.1f and swamps the task loss. First train a head with ./millrace pretrain, on texts like the"
                        + " task's, and give its encoder as training.encoder; or use a method without masked tokens.",
                config.encoder(),
                users(config),
                source.vocabulary(),
                Math.log(source.vocabulary()));
    }

    private static TokenHeadNotice measured(TrainingConfig config, MaskedTokenScore score) {
        String right = String.format(
                Locale.ROOT,
                "the masked-token head of %s gets %.1f of 100 masked tokens right, by its pre-training on %,d held-out texts"
                        + " (always the most frequent token: %.1f).",
                config.encoder(),
                score.last().rightOf100(),
                score.heldOut().texts(),
                score.heldOut().mostFrequentOf100());
        return score.freshHead()
                ? new TokenHeadNotice(
                        Level.WARN,
                        right + " It was fresh before, and " + users(config)
                                + " is as good as its answers. To raise the number, use ./millrace pretrain again, for longer or on"
                                + " more texts like the task's.")
                : new TokenHeadNotice(Level.INFO, right);
    }

    /** The settings that read the head. */
    private static String users(TrainingConfig config) {
        List<String> users = new ArrayList<>();
        if (config.objective().method().usesMaskedTokens()) {
            users.add("method " + config.objective().method().wireName());
        }
        if (config.batching().unlabelledShare() > 0) {
            users.add("batching.unlabelledShare " + config.batching().unlabelledShare());
        }
        MaskedTokensConfig masked = config.objective().maskedTokens();
        String how = masked.masking() == Masking.SELF_EVOLUTION ? " with masking self-evolution" : "";
        how += masked.maskedEncoder() == MaskedEncoder.EXCLUDED ? " with maskedEncoder excluded" : "";
        return String.join(" and ", users) + how;
    }
}
