package io.millrace.evaluator.score;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;

import java.nio.file.Path;
import java.util.List;

/** Asks models: {@link ModelScorer}, or a fake of it. */
public interface Scorer {

    /** The answers of the model in a directory to each probe set, in their order. */
    List<ScoredSet> answers(Path model, EvaluatedTask task, List<ProbeSet> probeSets);

    /** Whether the model is right on each of these examples. */
    boolean[] right(Path model, EvaluatedTask task, List<LabelledExample> examples);
}
