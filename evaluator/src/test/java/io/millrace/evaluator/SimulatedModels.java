package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.score.Answer;
import io.millrace.evaluator.score.ScoredExample;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.Scorer;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Models without weights: which probes each answers right. A model is bred from another, with a stated number of answers
 * changed for the better and for the worse. On fresh examples all answer as {@link #championIsRight} says.
 */
final class SimulatedModels implements Scorer {

    private static final ScoredExample RIGHT = new ScoredExample("yes", "yes", 0.9, 0.9);
    private static final ScoredExample WRONG = new ScoredExample("yes", "no", 0.1, 0.9);

    private final Map<Path, Map<String, BitSet>> models = new HashMap<>();
    private final SplittableRandom random;
    private boolean[] championIsRight = new boolean[0];

    SimulatedModels(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Sets the champion's answers to the next fresh examples. */
    void championIsRight(boolean[] right) {
        championIsRight = right;
    }

    /** A model that answers each probe right with the given probability. */
    void add(Path model, List<ProbeSet> probeSets, double accuracy) {
        Map<String, BitSet> right = new HashMap<>();
        for (ProbeSet set : probeSets) {
            BitSet answers = new BitSet();
            for (int i = 0; i < set.examples().size(); i++) {
                answers.set(i, random.nextDouble() < accuracy);
            }
            right.put(set.name(), answers);
        }
        models.put(model, right);
    }

    /**
     * A model that differs from {@code parent}: on average a share {@code gained} of all answers becomes right, and a share
     * {@code lost} becomes wrong.
     */
    void breed(Path model, Path parent, List<ProbeSet> probeSets, double gained, double lost) {
        Map<String, BitSet> right = new HashMap<>();
        for (ProbeSet set : probeSets) {
            int size = set.examples().size();
            BitSet before = rightOf(parent, set);
            double accuracy = before.cardinality() / (double) size;
            BitSet after = (BitSet) before.clone();
            for (int i = 0; i < size; i++) {
                double chance = before.get(i) ? lost / accuracy : gained / (1 - accuracy);
                after.set(i, before.get(i) != random.nextDouble() < chance);
            }
            right.put(set.name(), after);
        }
        models.put(model, right);
    }

    /** A model that differs from {@code parent} in {@code swapped} answers each way per probe set if it has as many, and is equally good. */
    void swap(Path model, Path parent, List<ProbeSet> probeSets, int swapped) {
        Map<String, BitSet> right = new HashMap<>();
        for (ProbeSet set : probeSets) {
            BitSet after = (BitSet) rightOf(parent, set).clone();
            int size = set.examples().size();
            int eachWay = Math.min(swapped, Math.min(after.cardinality(), size - after.cardinality()));
            int lost = 0;
            int gained = 0;
            for (int i = 0; i < size; i++) {
                if (after.get(i) ? lost < eachWay : gained < eachWay) {
                    lost += after.get(i) ? 1 : 0;
                    gained += after.get(i) ? 0 : 1;
                    after.flip(i);
                }
            }
            right.put(set.name(), after);
        }
        models.put(model, right);
    }

    private BitSet rightOf(Path model, ProbeSet set) {
        return Objects.requireNonNull(Objects.requireNonNull(models.get(model)).get(set.name()));
    }

    @Override
    public List<ScoredSet> answers(Path model, EvaluatedTask task, List<ProbeSet> probeSets) {
        List<ScoredSet> sets = new ArrayList<>();
        for (ProbeSet set : probeSets) {
            BitSet right = rightOf(model, set);
            int size = set.examples().size();
            List<Answer> answers = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                answers.add(right.get(i) ? RIGHT : WRONG);
            }
            double accuracy = right.cardinality() / (double) size;
            sets.add(new ScoredSet(set, new ProbeScore(set.reference(), accuracy, 0.1, 0.2, 0.3), answers));
        }
        return sets;
    }

    @Override
    public boolean[] right(Path model, EvaluatedTask task, List<LabelledExample> examples) {
        return championIsRight;
    }
}
