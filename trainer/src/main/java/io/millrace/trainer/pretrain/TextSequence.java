package io.millrace.trainer.pretrain;

import io.millrace.schemas.UnlabelledText;

import java.util.Iterator;
import java.util.List;

/** The texts of a pre-training, in a fixed order, and those that are held out of it. */
public interface TextSequence {

    /** Hash that identifies the sequence. */
    String sha256();

    /** How many texts an epoch has. */
    long textsPerEpoch();

    /** The texts from an index on, 0 for the first of the first epoch, to the end of the last epoch. */
    Iterator<UnlabelledText> from(long index);

    /** Texts that are in no epoch, to test on. */
    List<String> heldOut();
}
