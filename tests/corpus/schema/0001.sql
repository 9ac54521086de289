INSERT INTO meetings (number, kind, title, short_title, lead, background, organiser, day, starts_at, language, languages, contact, demo_note, phase, on_air_since)
VALUES (67, 'ceremony_and_work', '{"be": "\u041d\u0430\u0440\u0430\u0434\u0430 \u0434\u0432\u0443\u0445 \u0431\u0430\u043a\u043e\u045e", "en": "Meeting of two sides", "ru": "\u0421\u043e\u0432\u0435\u0449\u0430\u043d\u0438\u0435 \u0434\u0432\u0443\u0445 \u0441\u0442\u043e\u0440\u043e\u043d"}', '{"be": "\u041d\u0430\u0440\u0430\u0434\u0430", "en": "Meeting", "ru": "\u0421\u043e\u0432\u0435\u0449\u0430\u043d\u0438\u0435"}', '{"ru": "\u041c\u0438\u043d\u0441\u043a \u0438 \u041a\u0443\u0440\u0441\u043a \u0441\u043e\u0435\u0434\u0438\u043d\u0438\u0442 \u0432\u0438\u0434\u0435\u043e\u043a\u043e\u043d\u0444\u0435\u0440\u0435\u043d\u0446\u0438\u044f."}', '[{"ru": "\u0421\u043e\u0442\u0440\u0443\u0434\u043d\u0438\u0447\u0435\u0441\u0442\u0432\u043e \u043d\u0430\u0447\u0430\u043b\u043e\u0441\u044c \u0432 2002 \u0433\u043e\u0434\u0443."}]', '{"ru": "\u041c\u0438\u043d\u0438\u0441\u0442\u0435\u0440\u0441\u0442\u0432\u043e \u0441\u0432\u044f\u0437\u0438"}', '2016-04-01', '2016-04-01T08:00:00+00:00', 'ru', '["be", "ru", "en"]', NULL, NULL, 'announced', NULL);
INSERT INTO sides (meeting, id, position, name)
VALUES (67, 'side-1', 0, '{"ru": "\u0420\u0435\u0441\u043f\u0443\u0431\u043b\u0438\u043a\u0430 \u0411\u0435\u043b\u0430\u0440\u0443\u0441\u044c"}');
INSERT INTO sides (meeting, id, position, name)
VALUES (67, 'side-2', 1, '{"ru": "\u041a\u0443\u0440\u0441\u043a\u0430\u044f \u043e\u0431\u043b\u0430\u0441\u0442\u044c"}');
INSERT INTO sites (meeting, id, position, side, city, city_with, name, zone)
VALUES (67, 'minsk', 0, 'side-1', '{"ru": "\u041c\u0438\u043d\u0441\u043a"}', '{"ru": "\u041c\u0438\u043d\u0441\u043a\u043e\u043c"}', '{"ru": "\u0417\u0430\u043b \u041c\u0438\u043d\u0441\u043a"}', 'Europe/Minsk');
INSERT INTO sites (meeting, id, position, side, city, city_with, name, zone)
VALUES (67, 'kursk', 1, 'side-2', '{"ru": "\u041a\u0443\u0440\u0441\u043a"}', '{"ru": "\u041a\u0443\u0440\u0441\u043a\u043e\u043c"}', '{"ru": "\u0417\u0430\u043b \u041a\u0443\u0440\u0441\u043a"}', 'Europe/Moscow');
INSERT INTO participations (meeting, id, position, side, site, name, post, leads_side, office, is_announced)
VALUES (67, 'popkov', 0, 'side-1', NULL, '{"ru": "\u0421\u0435\u0440\u0433\u0435\u0439 \u041f\u043e\u043f\u043a\u043e\u0432"}', '{"ru": "\u043c\u0438\u043d\u0438\u0441\u0442\u0440 \u0441\u0432\u044f\u0437\u0438 \u0438 \u0438\u043d\u0444\u043e\u0440\u043c\u0430\u0442\u0438\u0437\u0430\u0446\u0438\u0438"}', 1, NULL, 1);
INSERT INTO participations (meeting, id, position, side, site, name, post, leads_side, office, is_announced)
VALUES (67, 'krivolapov', 1, 'side-2', NULL, '{"ru": "\u0410\u043b\u0435\u043a\u0441\u0430\u043d\u0434\u0440 \u041a\u0440\u0438\u0432\u043e\u043b\u0430\u043f\u043e\u0432"}', '{"ru": "\u0437\u0430\u043c\u0435\u0441\u0442\u0438\u0442\u0435\u043b\u044c \u0433\u0443\u0431\u0435\u0440\u043d\u0430\u0442\u043e\u0440\u0430"}', 1, NULL, 1);
INSERT INTO participations (meeting, id, position, side, site, name, post, leads_side, office, is_announced)
VALUES (67, 'veterans', 2, 'side-1', NULL, NULL, '{"ru": "\u0432\u0435\u0442\u0435\u0440\u0430\u043d\u044b"}', 0, NULL, 1);
INSERT INTO agenda_items (meeting, position, kind, title, minutes, note, short_title)
VALUES (67, 0, 'ceremony', '{"ru": "\u041e\u0442\u043a\u0440\u044b\u0442\u0438\u0435"}', 5, NULL, NULL);
INSERT INTO agenda_items (meeting, position, kind, title, minutes, note, short_title)
VALUES (67, 1, 'speech', '{"ru": "\u041f\u0440\u0438\u0432\u0435\u0442\u0441\u0442\u0432\u0438\u0435"}', 7, NULL, NULL);
