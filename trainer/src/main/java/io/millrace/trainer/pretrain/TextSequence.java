package io.millrace.trainer.pretrain;

import io.millrace.schemas.UnlabelledText;

import java.util.Iterator;

/** The texts of a pre-training in the order in which they are read, always the same. */
public interface TextSequence {

    /** Hash of what decides the sequence. */
    String sha256();

    /** How many texts there are. */
    long size();

    /** The texts from a place on, 0 for the first. */
    Iterator<UnlabelledText> from(long place);
}
