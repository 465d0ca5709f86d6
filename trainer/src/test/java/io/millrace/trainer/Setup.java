package io.millrace.trainer;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.UnlabelledText;
import io.millrace.trainer.config.DecoderConfig;
import io.millrace.trainer.config.MaskTuningConfig;
import io.millrace.trainer.config.MaskTuningConfig.Perturbed;
import io.millrace.trainer.config.MaskedTokensConfig;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.MaskedTokensConfig.Masking;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.ReplayConfig.Sample;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.StepResult;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * A way to train, with its stream.
 *
 * @param name its name in a test report
 * @param task the task
 * @param batches the labelled examples of each mini-batch, by its number
 * @param texts the unlabelled texts of each mini-batch, by its number
 */
public record Setup(
        String name,
        TrainedTask task,
        LongFunction<List<LabelledExample>> batches,
        LongFunction<List<UnlabelledText>> texts) {

    /** Every method, and everything that a method can be combined with. */
    public static List<Setup> all() {
        List<Setup> all = new ArrayList<>();
        for (Method method : Method.values()) {
            all.add(labelled(method.wireName(), Sentiments.task(method)));
        }
        all.add(labelled(
                "self-evolution beside the task", masking(Method.MASKED_TOKENS, Masking.SELF_EVOLUTION, null)));
        all.add(labelled(
                "self-evolution in mask-tuning", masking(Method.MASK_TUNING_SMART, Masking.SELF_EVOLUTION, null)));
        all.add(labelled(
                "excluded beside the task", masking(Method.MASKED_TOKENS, Masking.RANDOM, MaskedEncoder.EXCLUDED)));
        all.add(labelled(
                "excluded and self-evolution in mask-tuning",
                masking(Method.MASK_TUNING_SMART, Masking.SELF_EVOLUTION, MaskedEncoder.EXCLUDED)));
        all.add(new Setup(
                "excluded on unlabelled texts",
                Sentiments.readingTexts(masking(Method.PLAIN, Masking.RANDOM, MaskedEncoder.EXCLUDED)),
                Sentiments::batch,
                Sentiments::texts));
        for (Sample sample : Sample.values()) {
            all.add(labelled(
                    "replay " + sample,
                    Sentiments.replaying(Sentiments.task(Method.MASK_TUNING), new ReplayConfig(0.5, 6, sample))));
        }
        all.add(new Setup("regression", regression(), Setup::scored, number -> List.of()));
        all.add(new Setup("growing head", growing(), Setup::withNewLabels, number -> List.of()));
        all.add(new Setup(
                "three shards",
                Sentiments.readingTexts(Sentiments.task(Method.MASK_TUNING_SMART))
                        .withShards(3),
                Sentiments::batch,
                Sentiments::texts));
        all.add(new Setup(
                "growing head in three shards", growing().withShards(3), Setup::withNewLabels, number -> List.of()));
        return all;
    }

    private static Setup labelled(String name, TrainedTask task) {
        return new Setup(name, task, Sentiments::batch, number -> List.of());
    }

    /** A decoder that warms up for three steps: less than a test trains. */
    public static TrainedTask masking(Method method, Masking masking, MaskedEncoder encoder) {
        return Sentiments.task(
                Sentiments.TASK,
                new ObjectiveConfig(
                        method,
                        new MaskedTokensConfig(null, 0.3, masking, encoder, null, null, new DecoderConfig(1, 3)),
                        new MaskTuningConfig(null, Perturbed.MASKED),
                        null,
                        null));
    }

    private static TrainedTask regression() {
        return Sentiments.task(
                new Task("sentiment", TaskKind.REGRESSION, List.of(), 1_000), ObjectiveConfig.of(Method.SMART));
    }

    private static List<LabelledExample> scored(long number) {
        return Sentiments.batch(number).stream()
                .map(one -> Sentiments.labelled(
                        Long.parseLong(one.id()), Double.toString(Long.parseLong(one.id()) % 5 - 1.5)))
                .toList();
    }

    private static TrainedTask growing() {
        Task task = new Task("sentiment", TaskKind.SINGLE, Sentiments.TASK.labels(), NewLabels.GROW, 10, 0.5, 1_000);
        return Sentiments.replaying(
                Sentiments.task(task, ObjectiveConfig.of(Method.MASK_TUNING_SMART)),
                new ReplayConfig(0.5, 6, Sample.PER_CLASS));
    }

    /** From the second mini-batch on, one new label in each. */
    private static List<LabelledExample> withNewLabels(long number) {
        List<LabelledExample> batch = new ArrayList<>(Sentiments.batch(number));
        if (number > 1) {
            batch.set(2, Sentiments.labelled(Long.parseLong(batch.get(2).id()), "new " + number));
        }
        return batch;
    }

    /** Trains the mini-batches of these numbers. */
    public void train(Learner learner, int first, int last) {
        for (int number = first; number <= last; number++) {
            StepResult result = learner.learn(batches.apply(number), texts.apply(number));
            if (!result.applied()) {
                throw new IllegalStateException(name + ": mini-batch " + number + " was not trained: " + result);
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
