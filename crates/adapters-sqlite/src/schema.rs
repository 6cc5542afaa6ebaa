//! The tables, as the migrations make them.

diesel::table! {
    doctors (id) {
        id -> Binary,
        first_name -> Text,
        last_name -> Text,
        name_key -> Text,
        specialty -> Text,
        specialty_key -> Text,
        time_zone -> Text,
        slot_minutes -> Integer,
        active -> Bool,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        visit_types -> Nullable<Binary>,
    }
}

diesel::table! {
    visit_types (id) {
        id -> Binary,
        name -> Text,
        name_key -> Text,
        minutes -> Integer,
        step_minutes -> Nullable<Integer>,
        buffer_before_minutes -> Integer,
        buffer_after_minutes -> Integer,
        min_notice_minutes -> BigInt,
        max_days_ahead -> Nullable<Integer>,
        capacity -> Integer,
        retired -> Bool,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    working_hours_versions (doctor_id, effective_from) {
        doctor_id -> Binary,
        effective_from -> Text,
    }
}

diesel::table! {
    working_windows (doctor_id, effective_from, weekday, start_minute) {
        doctor_id -> Binary,
        effective_from -> Text,
        weekday -> Integer,
        start_minute -> Integer,
        end_minute -> Integer,
    }
}

diesel::table! {
    overrides (doctor_id, date) {
        doctor_id -> Binary,
        date -> Text,
    }
}

diesel::table! {
    override_windows (doctor_id, date, start_minute, end_minute) {
        doctor_id -> Binary,
        date -> Text,
        start_minute -> Integer,
        end_minute -> Integer,
    }
}

diesel::allow_tables_to_appear_in_same_query!(overrides, override_windows);

diesel::table! {
    time_off (doctor_id, id) {
        doctor_id -> Binary,
        id -> Binary,
        starts_at -> BigInt,
        ends_at -> BigInt,
        reason -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    closures (id) {
        id -> Binary,
        date -> Text,
        name -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    patients (id) {
        id -> Binary,
        first_name -> Text,
        last_name -> Text,
        name_key -> Text,
        birth_date -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        external_id -> Nullable<Text>,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    bookings (doctor_id, id) {
        doctor_id -> Binary,
        id -> Binary,
        patient_id -> Binary,
        starts_at -> BigInt,
        ends_at -> BigInt,
        time_zone -> Text,
        local_start -> Text,
        status -> Text,
        reason -> Nullable<Text>,
        cancel_reason -> Nullable<Text>,
        outside_hours -> Bool,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        visit_type_id -> Nullable<Binary>,
        buffer_before_minutes -> Integer,
        buffer_after_minutes -> Integer,
        capacity -> Integer,
        series_id -> Nullable<Binary>,
        beside_others -> Bool,
    }
}

diesel::table! {
    occupancy (kind, subject, booking) {
        kind -> Integer,
        subject -> Binary,
        starts_at -> BigInt,
        ends_at -> BigInt,
        booking -> Binary,
        live -> Bool,
        capacity -> Integer,
        seat -> Integer,
        held_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    holds (id) {
        id -> Binary,
        doctor_id -> Binary,
        starts_at -> BigInt,
        ends_at -> BigInt,
        time_zone -> Text,
        visit_type_id -> Nullable<Binary>,
        buffer_before_minutes -> Integer,
        buffer_after_minutes -> Integer,
        capacity -> Integer,
        owner -> Binary,
        waiting_id -> Nullable<Binary>,
        expires_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    waitlist (id) {
        id -> Binary,
        patient_id -> Binary,
        doctor_id -> Nullable<Binary>,
        specialty -> Nullable<Text>,
        visit_type_id -> Nullable<Binary>,
        from_date -> Text,
        to_date -> Text,
        owner -> Binary,
        since -> BigInt,
        status -> Text,
        hold_id -> Nullable<Binary>,
        offered_until -> Nullable<BigInt>,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    history (position) {
        position -> BigInt,
        id -> Binary,
        what -> Text,
        at -> BigInt,
        who -> Nullable<Binary>,
        why -> Nullable<Text>,
        doctor_id -> Nullable<Binary>,
        patient_id -> Nullable<Binary>,
        booking_id -> Nullable<Binary>,
        before -> Text,
        after -> Text,
    }
}

diesel::table! {
    idempotency (caller, key) {
        caller -> Binary,
        key -> Text,
        fingerprint -> Binary,
        status -> Integer,
        headers -> Text,
        body -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    reminders (booking_id, starts_at, lead_minutes) {
        booking_id -> Binary,
        starts_at -> BigInt,
        lead_minutes -> Integer,
    }
}

diesel::allow_tables_to_appear_in_same_query!(bookings, reminders);
diesel::allow_tables_to_appear_in_same_query!(bookings, patients);

diesel::table! {
    webhooks (id) {
        id -> Binary,
        url -> Text,
        events -> Nullable<Text>,
        secret -> Binary,
        active -> Bool,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        told_up_to -> BigInt,
    }
}

diesel::table! {
    deliveries (id) {
        id -> Binary,
        webhook_id -> Binary,
        position -> BigInt,
        due_at -> Nullable<BigInt>,
        claimed -> Bool,
        first_at -> Nullable<BigInt>,
        failures -> BigInt,
        error -> Nullable<Text>,
        failed_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(deliveries -> webhooks (webhook_id));
diesel::joinable!(deliveries -> history (position));
diesel::allow_tables_to_appear_in_same_query!(deliveries, webhooks, history);

diesel::table! {
    tokens (id) {
        id -> Binary,
        name -> Text,
        role -> Text,
        doctor_id -> Nullable<Binary>,
        patient_id -> Nullable<Binary>,
        digest -> Binary,
        session_of -> Nullable<Binary>,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        created_by -> Nullable<Binary>,
        created_at -> BigInt,
    }
}

diesel::table! {
    audit (id) {
        id -> Binary,
        at -> BigInt,
        caller -> Nullable<Binary>,
        role -> Text,
        action -> Text,
        outcome -> Text,
        doctor_id -> Nullable<Binary>,
        patient_id -> Nullable<Binary>,
        booking_id -> Nullable<Binary>,
        request -> Nullable<Text>,
    }
}
