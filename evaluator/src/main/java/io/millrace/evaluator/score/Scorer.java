package io.millrace.evaluator.score;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;

import java.nio.file.Path;
import java.util.List;

/** Asks models: {@link ModelScorer}, or a fake of it. */
public interface Scorer {

    /** The answers of the model in a directory to each probe set, in their order. */
    List<ScoredSet> answers(Path model, EvaluatedTask task, List<ProbeSet> probeSets);

    /** The scores of {@link #answers} alone. */
    default List<ProbeScore> score(Path model, EvaluatedTask task, List<ProbeSet> probeSets) {
        return answers(model, task, probeSets).stream().map(ScoredSet::score).toList();
    }

    /** Whether the model is right on each of these examples. */
    boolean[] right(Path model, EvaluatedTask task, List<LabelledExample> examples);

    /** The model in a directory, to be asked several things; {@link ModelScorer} loads it once for all of them. */
    default AskedModel load(Path model, EvaluatedTask task) {
        Scorer scorer = this;
        return new AskedModel() {
            @Override
            public List<ScoredSet> answers(List<ProbeSet> probeSets) {
                return scorer.answers(model, task, probeSets);
            }

            @Override
            public boolean[] right(List<LabelledExample> examples) {
                return scorer.right(model, task, examples);
            }

            @Override
            public void close() {}
        };
    }
}
