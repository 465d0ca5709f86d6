package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.score.Answer;
import io.millrace.evaluator.score.ScoredExample;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.Scorer;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model whose weights are its accuracy, in words: {@code 0.7} gets 0.7 on every probe set, its first examples right. */
final class FakeScorer implements Scorer {

    private final Runnable before;
    private final List<String> asked = new ArrayList<>();

    FakeScorer() {
        this(() -> {});
    }

    /** One that runs {@code before} first, whatever it is asked. */
    FakeScorer(Runnable before) {
        this.before = before;
    }

    @Override
    public List<ScoredSet> answers(Path model, EvaluatedTask task, List<ProbeSet> probeSets) {
        before.run();
        double accuracy = accuracyOf(model);
        asked.add(weightsOf(model) + " on "
                + probeSets.stream().map(ProbeSet::name).toList());
        return probeSets.stream()
                .map(probeSet -> new ScoredSet(
                        probeSet,
                        new ProbeScore(probeSet.reference(), accuracy, 0.1, 0.2, 0.3),
                        answers(probeSet.examples(), accuracy)))
                .toList();
    }

    @Override
    public boolean[] right(Path model, EvaluatedTask task, List<LabelledExample> examples) {
        before.run();
        boolean[] right = new boolean[examples.size()];
        List<Answer> answers = answers(examples, accuracyOf(model));
        for (int i = 0; i < right.length; i++) {
            right[i] = answers.get(i).correct();
        }
        return right;
    }

    private static List<Answer> answers(List<LabelledExample> examples, double accuracy) {
        long right = Math.round(accuracy * examples.size());
        List<Answer> answers = new ArrayList<>();
        for (LabelledExample example : examples) {
            String predicted = answers.size() < right ? example.label() : "another label";
            answers.add(new ScoredExample(example.label(), predicted, accuracy, accuracy));
        }
        return answers;
    }

    /** Which weights were scored on which probe sets, in order. */
    List<String> asked() {
        return asked;
    }

    private static double accuracyOf(Path model) {
        String weights = weightsOf(model);
        if (weights.equals("broken")) {
            throw new CorruptCheckpointException("the weights are broken");
        }
        return Double.parseDouble(weights);
    }

    private static String weightsOf(Path model) {
        try {
            return Files.readString(model.resolve("model.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
