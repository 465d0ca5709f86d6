package io.millrace.evaluator.score;

import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;

import java.util.List;

/** A model that is asked several things. Closing it frees its memory. */
public interface AskedModel extends AutoCloseable {

    /** Its answers to each probe set, in their order. */
    List<ScoredSet> answers(List<ProbeSet> probeSets);

    /** Whether it is right on each of these examples. */
    boolean[] right(List<LabelledExample> examples);

    @Override
    void close();
}
