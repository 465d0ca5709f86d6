package io.millrace.evaluator.between;

import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.Sheet;
import io.millrace.evaluator.state.ProbeAttributes;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ModelChange.Interval;
import io.millrace.schemas.store.Sha256;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Intervals of the difference of two models' scores on the same examples: the paired bootstrap (Efron and Tibshirani 1993;
 * Koehn 2004 for two systems). Of {@value #RESAMPLES} samples, each as large as the probe set and drawn with replacement, both
 * models are scored on each; the interval reaches from the 2.5th to the 97.5th percentile of the differences. Examples that
 * depend on each other are drawn together: those of a {@code group}, and a perturbed one with its original. The draws depend
 * on nothing but the version of the probe set.
 */
final class PairedBootstrap {

    static final int RESAMPLES = 1000;

    /** The first 15 hexadecimal digits of a hash fit into a long. */
    private static final int SEED_DIGITS = 15;

    private PairedBootstrap() {}

    /** The differences by score, {@code now} less {@code before}; none if all examples depend on each other. */
    static Map<String, Interval> of(ScoredSet before, ScoredSet now) {
        List<int[]> units = units(now);
        if (units.size() < 2) {
            return Map.of();
        }
        ResampledScores scores = now.isClassified()
                ? new ResampledLabels(before.answers(), now.answers())
                : new ResampledNumbers(before.answers(), now.answers());
        int[] once = new int[now.answers().size()];
        Arrays.fill(once, 1);
        double[] observed = scores.differences(once);
        double[][] resampled = new double[scores.names().size()][RESAMPLES];
        SplittableRandom random = new SplittableRandom(
                Long.parseLong(Sha256.of(now.probeSet().reference().version()).substring(0, SEED_DIGITS), 16));
        for (int resample = 0; resample < RESAMPLES; resample++) {
            double[] differences = scores.differences(draw(units, random, once.length));
            for (int score = 0; score < differences.length; score++) {
                resampled[score][resample] = differences[score];
            }
        }
        Map<String, Interval> intervals = new LinkedHashMap<>();
        for (int score = 0; score < observed.length; score++) {
            Arrays.sort(resampled[score]);
            intervals.put(
                    scores.names().get(score),
                    new Interval(
                            Sheet.rounded(observed[score]),
                            Sheet.rounded(resampled[score][RESAMPLES / 40 - 1]),
                            Sheet.rounded(resampled[score][RESAMPLES - RESAMPLES / 40 - 1])));
        }
        return intervals;
    }

    /** How often each example is in a sample of as many units as there are. */
    private static int[] draw(List<int[]> units, SplittableRandom random, int examples) {
        int[] times = new int[examples];
        for (int drawn = 0; drawn < units.size(); drawn++) {
            for (int example : units.get(random.nextInt(units.size()))) {
                times[example]++;
            }
        }
        return times;
    }

    /** The indices of the examples that are drawn together. */
    private static List<int[]> units(ScoredSet set) {
        Map<String, List<Integer>> units = new LinkedHashMap<>();
        List<LabelledExample> examples = set.probeSet().examples();
        for (int i = 0; i < examples.size(); i++) {
            units.computeIfAbsent(unit(examples.get(i)), any -> new ArrayList<>())
                    .add(i);
        }
        return units.values().stream()
                .map(unit -> unit.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    private static String unit(LabelledExample example) {
        return ProbeAttributes.of(example, ProbeAttributes.GROUP)
                .map(group -> "group " + group)
                .orElseGet(() -> "example "
                        + ProbeAttributes.of(example, ProbeAttributes.PERTURBS).orElse(example.id()));
    }
}
