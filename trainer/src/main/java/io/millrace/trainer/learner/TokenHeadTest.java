package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.trainer.config.MaskedTokensConfig.Corruption;
import io.millrace.trainer.objective.CollatedBatch;
import io.millrace.trainer.objective.StepContext;
import io.millrace.trainer.objective.StepRandom;
import io.millrace.trainer.objective.StepRandom.Purpose;
import io.millrace.trainer.objective.masking.MaskedTokens;
import io.millrace.trainer.objective.masking.MaskedTokens.TokenPrediction;
import io.millrace.trainer.objective.masking.RandomMasking;
import io.millrace.trainer.objective.masking.StandardEncoding;
import io.millrace.trainer.objective.masking.TokenCorruption;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tests a masked-token head on texts that it was not trained on. Whatever the configuration says, [MASK] takes the place of 15 of 100
 * tokens, drawn from a fixed seed: two encoders with one tokenizer get the same questions.
 */
public final class TokenHeadTest {

    private static final double MASKING_RATE = 0.15;
    private static final long SEED = 15;
    private static final int TEXTS_PER_PASS = 32;

    private final ModelState state;
    private final MaskedTokens questions;
    private final Map<Long, Integer> originals = new HashMap<>();
    private int maskable;
    private int masked;
    private int right;
    private double loss;

    private TokenHeadTest(ModelState state) {
        this.state = state;
        int vocabulary = state.weights().vocabulary();
        this.questions = new MaskedTokens(
                new RandomMasking(MASKING_RATE),
                new StandardEncoding(),
                new TokenCorruption(Corruption.MASK, vocabulary));
    }

    /** Tests the head of {@code learner}, without dropout. */
    public static MaskedTokenAnswers of(Learner learner, List<String> texts) {
        TokenHeadTest test = new TokenHeadTest(learner.state());
        List<TokenizedText> tokens = learner.state()
                .tokenizer()
                .tokenize(texts.stream().map(text -> new TextInput(text, null)).toList());
        for (int first = 0; first < tokens.size(); first += TEXTS_PER_PASS) {
            test.add(tokens.subList(first, Math.min(tokens.size(), first + TEXTS_PER_PASS)), first);
        }
        int mostFrequent =
                test.originals.values().stream().max(Integer::compare).orElse(0);
        return new MaskedTokenAnswers(
                test.maskable, test.masked, test.right, mostFrequent, test.loss / Math.max(1, test.masked));
    }

    /** Adds the answers to some texts; their number in the whole draws the questions. */
    private void add(List<TokenizedText> texts, int first) {
        try (GradMode off = GradMode.off();
                NDManager scope = state.encoder().manager().newSubManager()) {
            TextBatch batch = state.encoder().pack(scope, texts);
            ForwardPass pass = state.encoder().inferencePass(scope, state.weights());
            StepContext step = new StepContext(
                    scope,
                    new StepContext.Passes(pass, pass, Optional.empty()),
                    new CollatedBatch(
                            Optional.empty(),
                            Optional.of(batch),
                            state.tokenizer().maskId()),
                    new StepRandom(SEED, first));
            TokenPrediction prediction = questions.predict(step, batch, Purpose.UNLABELLED_MASKING);
            for (TokenizedText text : texts) {
                for (boolean special : text.special()) {
                    maskable += special ? 0 : 1;
                }
            }
            prediction.logits().ifPresent(logits -> count(logits, prediction));
        }
    }

    private void count(NDArray logits, TokenPrediction prediction) {
        long[] answers = logits.argMax(-1).toLongArray();
        long[] original = prediction.masked().originals().toLongArray();
        for (int i = 0; i < original.length; i++) {
            right += answers[i] == original[i] ? 1 : 0;
            originals.merge(original[i], 1, Integer::sum);
        }
        masked += original.length;
        loss += prediction.loss().getFloat() * original.length;
    }
}
