package io.millrace.trainer.objective.masking;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.trainer.config.MaskTuningConfig;
import io.millrace.trainer.config.MaskTuningConfig.Perturbed;
import io.millrace.trainer.config.MaskedTokensConfig.Corruption;
import io.millrace.trainer.config.SelfEvolutionConfig;
import io.millrace.trainer.objective.Errors;
import io.millrace.trainer.objective.GoldenCheckpoint;
import io.millrace.trainer.objective.MaskTuningTerm;
import io.millrace.trainer.objective.MaskedTokenTerm;
import io.millrace.trainer.objective.Objective;
import io.millrace.trainer.objective.ObjectiveTerm;
import io.millrace.trainer.objective.StepContext;
import io.millrace.trainer.objective.TermValue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The golden values of masked-token prediction in all its forms. */
public final class MaskingGoldens {

    private MaskingGoldens() {}

    public static void maskedToken(GoldenCheckpoint golden, Errors errors) {
        StepContext step = golden.context();
        TermValue loss = maskTuning(golden, Perturbed.MASKED).evaluate(step).get(0);
        assertThat(loss.name()).isEqualTo(ObjectiveTerm.MASKED_TOKEN_LOSS);
        MaskedBatch masked = masked(golden, step);
        long[] predicted = new StandardEncoding()
                .encode(step, step.pass(), masked, masked.masked())
                .tokenLogits()
                .argMax(-1)
                .toLongArray();
        List<Long> expected = new ArrayList<>();
        golden.at("/maskedToken/predicted").forEach(id -> expected.add(id.asLong()));
        assertThat(predicted).containsExactly(expected.toArray(Long[]::new));
        golden.compare(errors, "/maskedToken", loss.value());
    }

    public static void maskTuning(GoldenCheckpoint golden, Errors errors) {
        for (Perturbed variant : Perturbed.values()) {
            String name = variant == Perturbed.MASKED ? "Masked" : "Predicted";
            Objective objective = new Objective(List.of(maskTuning(golden, variant)));
            Objective.Value value = objective.evaluate(golden.context());
            errors.loss(
                    "task loss on " + name,
                    golden.at("/maskTuning/classificationOn" + name),
                    value.terms().get(ObjectiveTerm.TASK_LOSS).getFloat());
            errors.loss(
                    "loss on " + name,
                    golden.at("/maskTuning/loss" + name),
                    value.total().getFloat());
        }
    }

    public static void selfEvolution(GoldenCheckpoint golden, Errors errors) {
        StepContext step = golden.context();
        SelfEvolutionMasking masking = new SelfEvolutionMasking(
                1,
                new SelfEvolutionConfig(0.0, golden.at("/selfEvolution/lambda").asDouble()));
        MaskingPolicy.Smoothing smoothing;
        int[] all = IntStream.range(0, step.batch().tokens()).toArray();
        try (GradMode off = GradMode.off()) {
            MaskedEncoding.Encoded unmasked = new StandardEncoding()
                    .encode(step, step.withoutDropout(), MaskedBatch.unmasked(step, step.batch()), all);
            float[] tokenNll = SelfEvolutionMasking.tokenNll(step.scope(), unmasked, step.batch(), all);
            errors.array(
                    "tokenNll",
                    golden.packedRows(golden.at("/selfEvolution/tokenNll")),
                    step.scope().create(tokenNll),
                    Errors.LOSS_TOLERANCE);
            compareHardest(golden, masking, tokenNll);
            smoothing = masking.smoothing(unmasked, MaskedBatch.indices(golden.expectedMask()));
        }
        MaskingPolicy policy = (context, batch, encoder, random) ->
                new MaskingPolicy.Selection(golden.expectedMask(), Optional.of(smoothing));
        golden.compare(
                errors,
                "/selfEvolution",
                GoldenCheckpoint.only(
                        new MaskedTokenTerm(
                                1,
                                new MaskedTokens(policy, new StandardEncoding(), allMasked(golden)),
                                MaskedTokenTerm.Source.LABELLED),
                        step));
    }

    private static void compareHardest(GoldenCheckpoint golden, SelfEvolutionMasking masking, float[] tokenNll) {
        JsonNode expected = golden.at("/selfEvolution/hardestFirst");
        int start = 0;
        for (int example = 0; example < expected.size(); example++) {
            TokenizedText text = golden.tokens().get(example);
            int first = start;
            List<Integer> maskable = IntStream.range(0, text.length())
                    .filter(i -> !text.special()[i])
                    .map(i -> first + i)
                    .boxed()
                    .toList();
            List<Integer> order = new ArrayList<>();
            expected.get(example).forEach(i -> order.add(first + i.asInt()));
            assertThat(masking.hardest(maskable, tokenNll, new SplittableRandom(1)))
                    .as("hardest tokens of example %d", example)
                    .isEqualTo(order);
            start += text.length();
        }
    }

    /** The golden hides masked tokens by the attention mask; ours are taken out of the batch. */
    public static void excludedMask(GoldenCheckpoint golden, Errors errors) {
        StepContext step = golden.context();
        MaskedBatch masked = masked(golden, step);
        TextBatch seen = masked.batch().keeping(step.scope(), masked.kept());
        NDArray hidden = step.pass().hidden(seen, step.pass().wordEmbeddings(seen));
        double sum = 0;
        double squares = 0;
        for (float value : hidden.toFloatArray()) {
            sum += value;
            squares += (double) value * value;
        }
        JsonNode visible = golden.at("/excludedMask/visibleHidden");
        errors.loss("sum of the visible hidden states", visible.get("sum"), sum);
        errors.loss("norm of the visible hidden states", visible.get("norm"), Math.sqrt(squares));
        errors.array(
                "hidden states of the first tokens",
                Errors.nodes(visible.get("firstToken")),
                new ExcludedEncoding(0)
                        .encode(step, step.pass(), masked, masked.masked())
                        .pooled(),
                Errors.LOSS_TOLERANCE);
    }

    private static MaskTuningTerm maskTuning(GoldenCheckpoint golden, Perturbed variant) {
        return new MaskTuningTerm(
                new MaskTuningConfig(golden.at("/maskTuning/alpha").asDouble(), variant),
                new MaskedTokens(golden.expectedPositions(), new StandardEncoding(), allMasked(golden)));
    }

    private static MaskedBatch masked(GoldenCheckpoint golden, StepContext step) {
        return MaskedBatch.of(step, step.batch(), golden.expectedMask(), allMasked(golden), new SplittableRandom(1));
    }

    private static TokenCorruption allMasked(GoldenCheckpoint golden) {
        return new TokenCorruption(Corruption.MASK, golden.weights().vocabulary());
    }
}
