package io.millrace.trainer.pretrain;

import io.millrace.schemas.UnlabelledText;

import java.util.Iterator;

/** The texts of a pre-training, in a fixed order. */
public interface TextSequence {

    /** Hash that identifies the sequence. */
    String sha256();

    /** How many texts there are. */
    long size();

    /** The texts from an index on, 0 for the first. */
    Iterator<UnlabelledText> from(long index);
}
