import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

/** What any call costs that Nest and Express, which the api has too, answer: no token is looked at, no header set. */
@Controller('empty/:id')
class EmptyController {
  @Get()
  read(): object {
    return {};
  }
}

@Module({ controllers: [EmptyController] })
class EmptyModule {}

const app = await NestFactory.create(EmptyModule, { logger: ['error'] });
await app.listen(Number(process.env['API_PORT']), '127.0.0.1');
