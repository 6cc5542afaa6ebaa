//! The tables, as the migrations leave them.

use diesel::{allow_tables_to_appear_in_same_query, table};

table! {
    doctors (id) {
        id -> Uuid,
        first_name -> Text,
        last_name -> Text,
        name_key -> Text,
        specialty -> Text,
        specialty_key -> Text,
        time_zone -> Text,
        slot_minutes -> Int4,
        active -> Bool,
        revision -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        visit_types -> Nullable<Array<Uuid>>,
    }
}

table! {
    working_hours_versions (doctor_id, effective_from) {
        doctor_id -> Uuid,
        effective_from -> Date,
    }
}

table! {
    working_windows (doctor_id, effective_from, weekday, start_minute) {
        doctor_id -> Uuid,
        effective_from -> Date,
        weekday -> Int2,
        start_minute -> Int2,
        end_minute -> Int2,
    }
}

table! {
    patients (id) {
        id -> Uuid,
        first_name -> Text,
        last_name -> Text,
        name_key -> Text,
        birth_date -> Nullable<Date>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        external_id -> Nullable<Text>,
        revision -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

table! {
    bookings (doctor_id, id) {
        doctor_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        time_zone -> Text,
        local_start -> Timestamp,
        status -> Text,
        reason -> Nullable<Text>,
        cancel_reason -> Nullable<Text>,
        outside_hours -> Bool,
        revision -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        visit_type_id -> Nullable<Uuid>,
        buffer_before_minutes -> Int4,
        buffer_after_minutes -> Int4,
        capacity -> Int2,
        series_id -> Nullable<Uuid>,
        beside_others -> Bool,
    }
}

table! {
    occupancy (kind, subject, booking) {
        kind -> Int2,
        subject -> Uuid,
        during -> Range<Timestamptz>,
        booking -> Uuid,
        live -> Bool,
        capacity -> Int2,
        seat -> Int2,
        held_until -> Nullable<Timestamptz>,
    }
}

table! {
    holds (doctor_id, id) {
        doctor_id -> Uuid,
        id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        visit_type_id -> Nullable<Uuid>,
        buffer_before_minutes -> Int4,
        buffer_after_minutes -> Int4,
        capacity -> Int2,
        time_zone -> Text,
        owner -> Uuid,
        waiting_id -> Nullable<Uuid>,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

table! {
    history (id) {
        id -> Uuid,
        what -> Text,
        at -> Timestamptz,
        who -> Nullable<Uuid>,
        why -> Nullable<Text>,
        doctor_id -> Nullable<Uuid>,
        patient_id -> Nullable<Uuid>,
        booking_id -> Nullable<Uuid>,
        before -> Jsonb,
        after -> Jsonb,
    }
}

table! {
    events (position) {
        position -> Int8,
        entry_id -> Uuid,
        doctor_id -> Nullable<Uuid>,
        patient_id -> Nullable<Uuid>,
    }
}

table! {
    idempotency (caller, key) {
        caller -> Uuid,
        key -> Text,
        fingerprint -> Bytea,
        status -> Int2,
        headers -> Jsonb,
        body -> Bytea,
        at -> Timestamptz,
    }
}

table! {
    reminders (booking_id, starts_at, lead_minutes) {
        booking_id -> Uuid,
        starts_at -> Timestamptz,
        lead_minutes -> Int4,
    }
}

table! {
    webhooks (id) {
        id -> Uuid,
        url -> Text,
        events -> Nullable<Array<Text>>,
        secret -> Bytea,
        active -> Bool,
        revision -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        told -> Int8,
    }
}

table! {
    deliveries (webhook_id, position) {
        webhook_id -> Uuid,
        position -> Int8,
        id -> Uuid,
        first_at -> Nullable<Timestamptz>,
        failures -> Int4,
        due_at -> Nullable<Timestamptz>,
        claimed -> Bool,
        error -> Text,
        failed_at -> Nullable<Timestamptz>,
    }
}

table! {
    waitlist (id) {
        id -> Uuid,
        patient_id -> Uuid,
        doctor_id -> Nullable<Uuid>,
        specialty -> Nullable<Text>,
        visit_type_id -> Nullable<Uuid>,
        from_date -> Date,
        to_date -> Date,
        owner -> Uuid,
        since -> Timestamptz,
        status -> Text,
        hold_id -> Nullable<Uuid>,
        held_until -> Nullable<Timestamptz>,
        revision -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

table! {
    overrides (doctor_id, date) {
        doctor_id -> Uuid,
        date -> Date,
    }
}

table! {
    override_windows (doctor_id, date, start_minute, end_minute) {
        doctor_id -> Uuid,
        date -> Date,
        start_minute -> Int2,
        end_minute -> Int2,
    }
}

table! {
    time_off (doctor_id, id) {
        doctor_id -> Uuid,
        id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        reason -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

table! {
    closures (id) {
        id -> Uuid,
        date -> Date,
        name -> Text,
        created_at -> Timestamptz,
    }
}

table! {
    visit_types (id) {
        id -> Uuid,
        name -> Text,
        name_key -> Text,
        minutes -> Int4,
        step_minutes -> Nullable<Int4>,
        buffer_before_minutes -> Int4,
        buffer_after_minutes -> Int4,
        min_notice_minutes -> Int4,
        max_days_ahead -> Nullable<Int4>,
        capacity -> Int2,
        retired -> Bool,
        revision -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

table! {
    tokens (id) {
        id -> Uuid,
        name -> Text,
        role -> Text,
        doctor_id -> Nullable<Uuid>,
        patient_id -> Nullable<Uuid>,
        digest -> Bytea,
        session_of -> Nullable<Uuid>,
        expires_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

table! {
    audit (id) {
        id -> Uuid,
        at -> Timestamptz,
        caller -> Nullable<Uuid>,
        role -> Text,
        action -> Text,
        outcome -> Text,
        doctor_id -> Nullable<Uuid>,
        patient_id -> Nullable<Uuid>,
        booking_id -> Nullable<Uuid>,
        request -> Nullable<Text>,
    }
}

allow_tables_to_appear_in_same_query!(doctors, working_hours_versions, working_windows);
allow_tables_to_appear_in_same_query!(doctors, bookings);
allow_tables_to_appear_in_same_query!(bookings, reminders);
allow_tables_to_appear_in_same_query!(bookings, patients);
allow_tables_to_appear_in_same_query!(events, history, deliveries, webhooks);
allow_tables_to_appear_in_same_query!(overrides, override_windows);
