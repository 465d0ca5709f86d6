package io.millrace.trainer.checkpoint;

import io.millrace.schemas.CheckpointReference;
import org.apache.kafka.common.KafkaException;

/**
 * A checkpoint may not have been announced: the broker was away for too long, or has dropped the trainer. With new clients the trainer
 * can find out, and continue.
 */
public final class UnsettledAnnouncementException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnsettledAnnouncementException(CheckpointReference checkpoint, KafkaException cause) {
        super("cannot announce " + checkpoint.location() + ": " + cause.getMessage(), cause);
    }
}
