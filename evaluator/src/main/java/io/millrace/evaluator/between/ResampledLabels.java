package io.millrace.evaluator.between;

import io.millrace.evaluator.score.Answer;
import io.millrace.evaluator.score.ClassificationScores;
import io.millrace.evaluator.score.ScoredExample;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Accuracy, macro F1 and calibration error of two classifiers, as {@link ClassificationScores} defines them. Labels and bins
 * are numbered once, so that a sample costs two sums per example.
 */
final class ResampledLabels implements ResampledScores {

    private final Map<String, Integer> numbers = new HashMap<>();
    private final Side before;
    private final Side now;

    /**
     * One model's answers.
     *
     * @param label number of the right label
     * @param predicted number of the predicted label
     * @param confidence probability of the predicted label
     */
    private record Side(int[] label, int[] predicted, double[] confidence) {}

    ResampledLabels(List<Answer> before, List<Answer> now) {
        this.before = side(before);
        this.now = side(now);
    }

    private Side side(List<Answer> answers) {
        int n = answers.size();
        Side side = new Side(new int[n], new int[n], new double[n]);
        for (int i = 0; i < n; i++) {
            ScoredExample answer = (ScoredExample) answers.get(i);
            side.label[i] = number(answer.label());
            side.predicted[i] = number(answer.predicted());
            side.confidence[i] = answer.confidence();
        }
        return side;
    }

    private int number(String label) {
        return numbers.computeIfAbsent(label, any -> numbers.size());
    }

    @Override
    public List<String> names() {
        return List.of("accuracy", "macroF1", "calibrationError");
    }

    @Override
    public double[] differences(int[] times) {
        double[] first = scores(before, times);
        double[] second = scores(now, times);
        for (int score = 0; score < second.length; score++) {
            second[score] -= first[score];
        }
        return second;
    }

    private double[] scores(Side side, int[] times) {
        int labels = numbers.size();
        double[] labelled = new double[labels];
        double[] predicted = new double[labels];
        double[] truePositives = new double[labels];
        double[] binned = new double[ClassificationScores.BINS];
        double n = 0;
        for (int i = 0; i < times.length; i++) {
            if (times[i] == 0) {
                continue;
            }
            boolean right = side.label[i] == side.predicted[i];
            labelled[side.label[i]] += times[i];
            predicted[side.predicted[i]] += times[i];
            truePositives[side.label[i]] += right ? times[i] : 0;
            binned[ClassificationScores.bin(side.confidence[i])] += times[i] * ((right ? 1 : 0) - side.confidence[i]);
            n += times[i];
        }
        double f1 = 0;
        int occurring = 0;
        for (int label = 0; label < labels; label++) {
            double either = labelled[label] + predicted[label];
            occurring += either > 0 ? 1 : 0;
            f1 += either > 0 ? 2 * truePositives[label] / either : 0;
        }
        return new double[] {
            Arrays.stream(truePositives).sum() / n,
            f1 / occurring,
            Arrays.stream(binned).map(Math::abs).sum() / n
        };
    }
}
