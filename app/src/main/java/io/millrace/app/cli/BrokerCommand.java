package io.millrace.app.cli;

import io.millrace.schemas.kafka.KafkaConnection;

import java.util.Optional;

/** A command that speaks to a broker: if that refuses it something, the advice uses the names of this connection. */
interface BrokerCommand {

    /** The connection, as soon as it is known. */
    Optional<KafkaConnection> kafka();
}
